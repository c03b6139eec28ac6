//! The values of `mcp` as those of the protocol's library.

use crate::diagnostic::{Error, ErrorKind};
use crate::mcp::{Prompt, Resource, Template, Tool, ToolResult};
use rmcp::ErrorData;
use rmcp::model;
use std::sync::Arc;

pub(super) fn tool(tool: &Tool, is_open_world: bool) -> model::Tool {
    let Tool { name, title, description, schema, .. } = tool;
    let mut annotations = model::ToolAnnotations::default();
    annotations.read_only_hint = Some(tool.is_read_only);
    // (Only what writes can be destructive.)
    annotations.destructive_hint = (!tool.is_read_only).then_some(false);
    annotations.open_world_hint = Some(is_open_world);
    let mut value = model::Tool::new(name.clone(), description.clone(), Arc::new(schema.clone()))
        .with_annotations(annotations);
    value.title.clone_from(title);
    value.output_schema = tool.output_schema.clone().map(Arc::new);
    value
}

pub(super) fn tool_result(result: ToolResult) -> model::CallToolResult {
    let ToolResult { text, is_error, structured } = result;
    let content = vec![model::ContentBlock::text(text)];
    let mut value = if is_error {
        model::CallToolResult::error(content)
    } else {
        model::CallToolResult::success(content)
    };
    value.structured_content = structured;
    value
}

pub(super) fn resource(resource: Resource) -> model::Resource {
    model::Resource::new(resource.uri, resource.name)
        .with_title(resource.title)
        .with_mime_type(resource.media_type)
}

pub(super) fn template(template: &Template) -> model::ResourceTemplate {
    model::ResourceTemplate::new(template.uri, template.name)
        .with_title(template.title)
        .with_mime_type(template.media_type)
}

pub(super) fn prompt(prompt: &Prompt) -> model::Prompt {
    let argument = model::PromptArgument::new(prompt.argument)
        .with_description(prompt.argument_description)
        .with_required(true);
    model::Prompt::new(prompt.name, Some(prompt.description), Some(vec![argument]))
        .with_title(prompt.title)
}

/// Returns an error of the protocol: the client or the person behind it must do something else.
pub(super) fn error(error: &Error) -> ErrorData {
    let words: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    let words = words.join("; ");
    let id = error.problems.first().and_then(|problem| problem.id.as_deref());
    match (error.kind, id) {
        (_, Some("resource-unknown")) => ErrorData::resource_not_found(words, None),
        (ErrorKind::Usage | ErrorKind::Input, _) => ErrorData::invalid_params(words, None),
        _ => ErrorData::internal_error(words, None),
    }
}
