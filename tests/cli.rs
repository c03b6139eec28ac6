//! The command line as users see it: each case file is commands with their whole output.

#[test]
fn the_case_files_say_what_happens() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
