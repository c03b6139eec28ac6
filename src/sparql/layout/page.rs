//! Breaks lines. What is laid out is a list of instructions; a span of them either stays on one line or breaks at each of
//! its places for breaks.

use std::borrow::Cow;

/// The most characters of a line, unless nothing in it can break.
const WIDTH: usize = 120;

/// The indentation of what is inside something.
const INDENT: usize = 2;

/// An instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Instruction<'a> {
    /// Text, which may have several lines.
    Text(Cow<'a, str>),
    /// Text that is left out where the span stays on one line.
    IfBroken(&'static str),
    /// A space.
    Space,
    /// A space, or the end of the line where the span breaks.
    Line,
    /// The end of the line where the span breaks.
    SoftLine,
    /// A space, or the end of the line where the span breaks and what follows would be too long for the line.
    Fill,
    /// The end of the line.
    HardLine,
    /// An empty line.
    EmptyLine,
    /// A comment at the end of the line.
    Comment(&'a str),
    /// The beginning of a span, and whether it breaks in any case.
    Open(bool),
    /// The end of a span.
    Close,
    /// What follows is inside something.
    Indent,
    /// What follows is as far from the margin as the current line.
    Hang,
    /// The end of an [`Indent`](Self::Indent) or a [`Hang`](Self::Hang).
    Dedent,
}

/// What stands before the next text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Nothing,
    Space,
    Line,
    EmptyLine,
}

/// Writes what the instructions say.
pub(super) fn write(instructions: &[Instruction<'_>]) -> String {
    let mut page = Page {
        instructions,
        text: String::new(),
        column: 0,
        line: 0,
        indents: Vec::new(),
        gap: Gap::Nothing,
        breaks: vec![true],
    };
    for at in 0..instructions.len() {
        page.step(at);
    }
    page.text.push('\n');
    page.text
}

struct Page<'a> {
    instructions: &'a [Instruction<'a>],
    text: String,
    column: usize,
    /// The indentation of the current line.
    line: usize,
    /// The indentation of new lines, of the innermost last.
    indents: Vec<usize>,
    gap: Gap,
    /// Whether each of the open spans breaks.
    breaks: Vec<bool>,
}

impl Page<'_> {
    fn step(&mut self, at: usize) {
        let is_broken = self.breaks.last().copied().unwrap_or(true);
        match &self.instructions[at] {
            Instruction::Text(text) => self.write(text),
            Instruction::IfBroken(text) if is_broken => self.write(text),
            Instruction::Space => self.leave(Gap::Space),
            Instruction::Line => self.leave(if is_broken { Gap::Line } else { Gap::Space }),
            Instruction::SoftLine if is_broken => self.leave(Gap::Line),
            Instruction::IfBroken(_) | Instruction::SoftLine => {}
            Instruction::Fill => {
                let is_full = is_broken && !self.fits(at + 1, 1);
                self.leave(if is_full { Gap::Line } else { Gap::Space });
            }
            Instruction::HardLine => self.leave(Gap::Line),
            Instruction::EmptyLine => self.leave(Gap::EmptyLine),
            Instruction::Comment(comment) => {
                if !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.text.push_str(comment);
                self.gap = self.gap.max(Gap::Line);
            }
            Instruction::Open(is_forced) => {
                let breaks = is_broken && (*is_forced || !self.fits(at + 1, 0));
                self.breaks.push(breaks);
            }
            Instruction::Close => {
                self.breaks.pop();
            }
            Instruction::Indent => self.indents.push(self.indent() + INDENT),
            Instruction::Hang => self.indents.push(match self.gap {
                Gap::Nothing | Gap::Space => self.line,
                Gap::Line | Gap::EmptyLine => self.indent(),
            }),
            Instruction::Dedent => {
                self.indents.pop();
            }
        }
    }

    /// Returns the indentation of a new line.
    fn indent(&self) -> usize {
        self.indents.last().copied().unwrap_or_default()
    }

    fn leave(&mut self, gap: Gap) {
        if !self.text.is_empty() {
            self.gap = self.gap.max(gap);
        }
    }

    fn write(&mut self, text: &str) {
        let gap = std::mem::replace(&mut self.gap, Gap::Nothing);
        match gap {
            Gap::Nothing => {}
            Gap::Space => {
                self.text.push(' ');
                self.column += 1;
            }
            Gap::Line | Gap::EmptyLine => {
                self.text.push_str(if gap == Gap::Line { "\n" } else { "\n\n" });
                self.line = self.indent();
                self.text.extend(std::iter::repeat_n(' ', self.line));
                self.column = self.line;
            }
        }
        self.text.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count(),
            None => self.column + text.chars().count(),
        };
    }

    /// Returns whether the span that begins here fits on the line after `space`, with what follows it up to the next
    /// place for a break. (A span has few characters, or does not fit.)
    fn fits(&self, at: usize, space: usize) -> bool {
        let start = match self.gap {
            Gap::Nothing => self.column + space,
            Gap::Space => self.column + 1,
            Gap::Line | Gap::EmptyLine => self.indent(),
        };
        let mut room = WIDTH.saturating_sub(start);
        let mut depth = 0_usize;
        // Whether the span itself has ended.
        let mut is_behind = space > 0;
        let mut was_space = true;
        for instruction in &self.instructions[at..] {
            let width = match instruction {
                Instruction::Text(text) => match text.split_once('\n') {
                    // (The rest of a text of several lines begins at the left.)
                    Some((first, _)) => return first.chars().count() <= room,
                    None => text.chars().count(),
                },
                Instruction::Line | Instruction::SoftLine | Instruction::Fill
                    if is_behind && depth == 0 =>
                {
                    return true;
                }
                Instruction::Space | Instruction::Line | Instruction::Fill => {
                    usize::from(!std::mem::replace(&mut was_space, true))
                }
                Instruction::IfBroken(text) if is_behind && depth == 0 => text.len(),
                Instruction::IfBroken(_)
                | Instruction::SoftLine
                | Instruction::Indent
                | Instruction::Hang
                | Instruction::Dedent => 0,
                // A break ends the line of a piece, but not that of a span.
                Instruction::HardLine
                | Instruction::EmptyLine
                | Instruction::Comment(_)
                | Instruction::Open(true) => return is_behind,
                Instruction::Open(false) => {
                    depth += 1;
                    0
                }
                Instruction::Close => {
                    is_behind |= depth == 0;
                    depth = depth.saturating_sub(1);
                    0
                }
            };
            if width > room {
                return false;
            }
            room -= width;
            was_space &= !matches!(instruction, Instruction::Text(_));
        }
        true
    }
}
