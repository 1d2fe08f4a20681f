namespace Copilot.Domain.Telemetry;

/// <summary>Names of OpenTelemetry's conventions for generative AI, as of <see cref="CopilotSource.SchemaUrl"/>, and of our own beside them.</summary>
internal static class GenAi
{
    public const string InvokeAgent = "invoke_agent";
    public const string Chat = "chat";
    public const string ExecuteTool = "execute_tool";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string AgentId = "gen_ai.agent.id";
    public const string AgentName = "gen_ai.agent.name";
    public const string AgentVersion = "gen_ai.agent.version";
    public const string OutputType = "gen_ai.output.type";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheCreationTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolCallId = "gen_ai.tool.call.id";
    public const string ToolType = "gen_ai.tool.type";
    public const string ErrorType = "error.type";
    public const string OtherError = "_OTHER";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string NetworkProtocol = "network.protocol.name";
    public const string OpenAiApiType = "openai.api.type";

    /// <summary>In place of a value that is none of those that there can be.</summary>
    public const string Other = "_OTHER";

    // Content: only where it was asked for.
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string SystemInstructions = "gen_ai.system_instructions";
    public const string ToolArguments = "gen_ai.tool.call.arguments";
    public const string ToolResult = "gen_ai.tool.call.result";

    // Our own.
    public const string RunId = "copilot.run.id";
    public const string RunStatus = "copilot.run.status";
    public const string RunResumed = "copilot.run.resumed";
    public const string Attempt = "copilot.attempt";
    public const string SocketState = "copilot.socket.state";
    public const string TransportFrom = "copilot.transport.from";
    public const string TransportTo = "copilot.transport.to";
    public const string Timeout = "copilot.timeout";

    /// <summary>Whose flavour of the API the upstream speaks, as far as its address shows.</summary>
    public static string ProviderOf(Uri? upstream) =>
        upstream?.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase) is true ? "azure.ai.openai" : "openai";
}
