//! The handler of the protocol's library: each request becomes work at the desk.

use super::changes::Changes;
use super::desk::Desk;
use super::values;
use crate::diagnostic::Diagnostic;
use crate::mcp::{
    PROMPTS, PromptError, TEMPLATES, completions, prompt_text, read_resource, resources,
};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CompletionInfo,
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    PromptMessage, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, Reference, ResourceContents, Role, ServerCapabilities, ServerConfig,
    SubscriptionFilter,
};
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use std::borrow::Cow;
use std::sync::Arc;

/// The revisions of the protocol that are spoken.
const VERSIONS: [ProtocolVersion; 4] = [
    ProtocolVersion::V_2025_03_26,
    ProtocolVersion::V_2025_06_18,
    ProtocolVersion::V_2025_11_25,
    ProtocolVersion::V_2026_07_28,
];

/// The most resources of a page of the list.
const MOST_RESOURCES: usize = 200;

/// How long a client may keep a list, in milliseconds.
const LIFE_OF_LISTS: u64 = 60_000;

/// Answers the requests of models.
#[derive(Clone)]
pub(super) struct Handler(pub Arc<Desk>);

impl Handler {
    async fn offer(&self) -> Result<Arc<super::desk::Offer>, ErrorData> {
        self.0.refresh().await;
        let desk = Arc::clone(&self.0);
        let offer = tokio::task::spawn_blocking(move || desk.offer()).await;
        match offer {
            Ok(Ok(offer)) => Ok(offer),
            Ok(Err(error)) => Err(values::error(&error)),
            Err(_) => Err(ErrorData::internal_error("the tools cannot be listed", None)),
        }
    }
}

/// Waits for work, or until the client no longer wants its result.
async fn unless_cancelled<T>(
    context: &RequestContext<RoleServer>,
    work: impl Future<Output = Result<T, ErrorData>>,
) -> Result<T, ErrorData> {
    tokio::select! {
        done = work => done,
        () = context.ct.cancelled() => Err(ErrorData::internal_error("cancelled", None)),
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let mut capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .enable_completions()
            .build();
        // (The list of prompts never changes.)
        if self.0.options.is_live {
            capabilities.tools.get_or_insert_default().list_changed = Some(true);
            capabilities.resources.get_or_insert_default().list_changed = Some(true);
        }
        let mut info = ServerConfig::new(capabilities);
        let mut server = Implementation::new("dossier", env!("CARGO_PKG_VERSION"));
        server.title = Some("dossier".to_owned());
        server.description = Some("Answers from documents, with their words as sources".to_owned());
        info.server_info = server;
        // (What fails here fails again when the tools are listed, and is told then.)
        let instructions = self.0.offer().map(|offer| offer.instructions.clone());
        info.instructions = instructions.ok();
        info
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(&VERSIONS)
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        self.0.options.is_live.then(|| requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut changes = Changes::from_now(&self.0);
        loop {
            let changed = tokio::select! {
                changed = changes.next() => changed,
                () = context.cancelled() => return Ok(()),
            };
            // (What the client did not ask for is not sent; if it has left, the next wait ends.)
            if changed.tools {
                let _ = context.sink().notify_tool_list_changed().await;
            }
            if changed.resources {
                let _ = context.sink().notify_resource_list_changed().await;
            }
        }
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let offer = self.offer().await?;
        self.0.prepare();
        let is_open = self.0.options.is_open_world;
        let tools = offer.toolbox.tools().iter().map(|tool| values::tool(tool, is_open));
        let mut list = ListToolsResult::with_all_items(tools.collect());
        list.ttl_ms = Some(LIFE_OF_LISTS);
        Ok(list)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let offer = self.offer().await?;
        let call = offer.toolbox.call(&request.name, request.arguments.unwrap_or_default());
        let mut call = call.map_err(|problem| values::error(&problem.usage()))?;
        call.by = context.client_info().map(|client| client.name);
        let work = async { Ok(self.0.call(call).await) };
        let result = unless_cancelled(&context, work).await?;
        Ok(CallToolResponse::Complete(values::tool_result(result)))
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        self.0.refresh().await;
        let start = match request.and_then(|request| request.cursor) {
            None => 0,
            Some(cursor) => cursor.parse::<usize>().map_err(|_| {
                ErrorData::invalid_params("invalid cursor: use `nextCursor` of a result", None)
            })?,
        };
        let work = async { self.0.work(resources).await.map_err(|error| values::error(&error)) };
        let all = unless_cancelled(&context, work).await?;
        let end = start.saturating_add(MOST_RESOURCES);
        let next = (end < all.len()).then(|| end.to_string());
        let page = all.into_iter().skip(start).take(MOST_RESOURCES).map(values::resource);
        let mut list = ListResourcesResult::with_all_items(page.collect());
        (list.next_cursor, list.ttl_ms) = (next, Some(LIFE_OF_LISTS));
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = TEMPLATES.iter().map(values::template).collect();
        let mut list = ListResourceTemplatesResult::with_all_items(templates);
        list.ttl_ms = Some(LIFE_OF_LISTS);
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        self.0.refresh().await;
        let uri = request.uri.clone();
        let work = async {
            let read = self.0.work(move |session| read_resource(session, &uri)).await;
            read.map_err(|error| values::error(&error))
        };
        let content = unless_cancelled(&context, work).await?;
        let content = ResourceContents::TextResourceContents {
            uri: request.uri,
            mime_type: Some(content.media_type.to_owned()),
            text: content.text,
            meta: None,
        };
        Ok(ReadResourceResult::new(vec![content]).into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let Reference::Resource(template) = request.r#ref else {
            return Ok(CompleteResult::default());
        };
        self.0.refresh().await;
        let typed = request.argument.value;
        let work = async {
            let work = move |session: &_| completions(session, &template.uri, &typed);
            self.0.work(work).await.map_err(|error| values::error(&error))
        };
        let (names, count) = unless_cancelled(&context, work).await?;
        let has_more = count > names.len();
        let mut completion = CompletionInfo::new(names)
            .map_err(|message| ErrorData::internal_error(message, None))?;
        completion.total = u32::try_from(count).ok();
        completion.has_more = Some(has_more);
        Ok(CompleteResult::new(completion))
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut list =
            ListPromptsResult::with_all_items(PROMPTS.iter().map(values::prompt).collect());
        list.ttl_ms = Some(LIFE_OF_LISTS);
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let value = |name: &str| arguments.get(name).and_then(|value| value.as_str());
        let (prompt, text) = prompt_text(&request.name, value).map_err(|error| {
            let problem = match error {
                PromptError::Unknown => {
                    let names = PROMPTS.map(|prompt| format!("`{}`", prompt.name)).join(" and ");
                    Diagnostic::new(format!("unknown prompt `{}`: there are {names}", request.name))
                }
                PromptError::Missing(name) => {
                    Diagnostic::new(format!("the argument `{name}` is missing"))
                }
            };
            values::error(&problem.usage())
        })?;
        let message = PromptMessage::new_text(Role::User, text);
        let result = GetPromptResult::new(vec![message]).with_description(prompt.description);
        Ok(result.into())
    }
}
