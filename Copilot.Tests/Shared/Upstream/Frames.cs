using System.Text;
using Copilot.Domain.Responses.Events;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>Server events as an upstream writes them.</summary>
internal static class Frames
{
    /// <summary>An event as the product reads it.</summary>
    public static ResponseEvent Parse(string json) => ResponseEventParser.Parse(Encoding.UTF8.GetBytes(json));

    public static string Created(string id) =>
        $$$"""{"type":"response.created","sequence_number":0,"response":{"id":"{{{id}}}","object":"response","status":"in_progress","output":[]}}""";

    public static string Delta(string text) =>
        $$$"""{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{{text}}}"}""";

    public static string Message(string text) =>
        $$$"""{"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{{{text}}}","annotations":[]}]}}""";

    public static string Call(string callId, string name, int index) =>
        $$$"""{"type":"response.output_item.done","sequence_number":6,"output_index":{{{index}}},"item":{"id":"fc_{{{callId}}}","type":"function_call","status":"completed","call_id":"{{{callId}}}","name":"{{{name}}}","arguments":""}}""";

    public static string Completed(string id) =>
        $$$"""{"type":"response.completed","sequence_number":9,"response":{"id":"{{{id}}}","object":"response","status":"completed","usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":15} } }""";

    public static string[] Answer(string id, string text) => [Created(id), Delta(text), Message(text), Completed(id)];

    public static string[] Calls(string id, params (string CallId, string Name)[] calls) =>
        [Created(id), .. calls.Select((call, index) => Call(call.CallId, call.Name, index)), Completed(id)];
}
