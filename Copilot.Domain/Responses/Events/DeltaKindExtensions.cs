namespace Copilot.Domain.Responses.Events;

/// <summary>What a delta belongs to.</summary>
internal static class DeltaKindExtensions
{
    /// <summary>The API's type of the item that such deltas make up.</summary>
    public static string ItemType(this DeltaKind kind) => kind switch
    {
        DeltaKind.OutputText or DeltaKind.Refusal or DeltaKind.AudioTranscript => "message",
        DeltaKind.ReasoningSummary or DeltaKind.ReasoningText => "reasoning",
        DeltaKind.FunctionCallArguments => "function_call",
        DeltaKind.CustomToolCallInput => "custom_tool_call",
        DeltaKind.CodeInterpreterCode => "code_interpreter_call",
        DeltaKind.McpCallArguments => "mcp_call",
        _ => "shell_call",
    };
}
