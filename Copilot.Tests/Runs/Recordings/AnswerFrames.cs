using System.Text.Json;
using Copilot.Domain.Tools;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>Parts of a response about a call or a message, and the tool that they call.</summary>
internal static class AnswerFrames
{
    public const string Created = """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}""";

    public static readonly RecordedAnswer Last = RecordedAnswer.Stream(Created.Replace("resp_1", "resp_2", StringComparison.Ordinal), Done(Message("msg_9", "Over.")), Ended("resp_2"));

    public static string Call(string arguments) =>
        $$"""{"type":"function_call","id":"fc_1","call_id":"call_1","name":"count","arguments":{{JsonSerializer.Serialize(arguments)}},"status":"completed"}""";

    public static string Message(string id, string text) =>
        $$"""{"type":"message","id":"{{id}}","role":"assistant","status":"completed","content":[{"type":"output_text","text":{{JsonSerializer.Serialize(text)}},"annotations":[]}]}""";

    public static string Done(string item) => $$$"""{"type":"response.output_item.done","output_index":0,"item":{{{item}}}}""";

    public static string Ended(string id, params string[] output) =>
        $$$$"""{"type":"response.completed","response":{"id":"{{{{id}}}}","status":"completed","output":[{{{{string.Join(",", output)}}}}],"usage":{"input_tokens":30,"output_tokens":20,"total_tokens":50}}}""";

    /// <summary>A tool that notes what it was called with.</summary>
    public sealed class CountTool : ITool
    {
        private readonly Lock _lock = new();
        private readonly List<int> _limits = [];

        public IReadOnlyList<int> Limits
        {
            get
            {
                lock (_lock)
                {
                    return [.. _limits];
                }
            }
        }

        public ToolDefinition Definition => new()
        {
            Name = "count",
            Description = "Counts.",
            Parameters = JsonDocument.Parse("""{"type":"object","properties":{"limit":{"type":["integer","null"]}},"required":["limit"],"additionalProperties":false}""").RootElement,
            ReadOnly = true,
        };

        public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _limits.Add(arguments.GetProperty("limit").GetInt32());
            }

            return Task.FromResult(ToolResult.Ok("counted"));
        }
    }
}
