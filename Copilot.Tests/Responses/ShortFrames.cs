namespace Copilot.Tests.Responses;

/// <summary>The shortest events that make a response.</summary>
internal static class ShortFrames
{
    public const string NotFound =
        """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"previous_response_not_found","message":"Previous response with id 'resp_0' not found.","param":"previous_response_id"}}""";

    public const string TooOld =
        """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"websocket_connection_limit_reached","message":"Responses websocket connection limit reached (60 minutes)."}}""";

    public static string Created(string id) => $$$"""{"type":"response.created","sequence_number":0,"response":{"id":"{{{id}}}","status":"in_progress"}}""";

    public static string Delta(string text) =>
        $$"""{"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{text}}"}""";

    public static string Completed(string id) => $$$"""{"type":"response.completed","sequence_number":2,"response":{"id":"{{{id}}}","status":"completed"}}""";

    public static string Failed(string id) =>
        $$$$"""{"type":"response.failed","sequence_number":3,"response":{"id":"{{{{id}}}}","status":"failed","error":{"code":"server_error","message":"It broke."}}}""";
}
