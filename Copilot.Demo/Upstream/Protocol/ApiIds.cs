using System.Security.Cryptography;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>Identifiers in the API's format: a prefix for the kind, and random hexadecimal digits.</summary>
internal static class ApiIds
{
    private const int Digits = 40;

    public static string Response() => New("resp_");

    public static string Message() => New(Prefix("message"));

    public static string FunctionCall() => New(Prefix("function_call"));

    public static string Call() => New("call_");

    public static string Reasoning() => New(Prefix("reasoning"));

    public static string Compaction() => New(Prefix("compaction"));

    public static string McpApproval() => New(Prefix("mcp_approval_request"));

    public static string McpCall() => New(Prefix("mcp_call"));

    /// <summary>A new id of an item of this type.</summary>
    public static string Of(string itemType) => New(Prefix(itemType));

    public static string Steer() => New("steer_");

    public static string Request() => New("req_");

    /// <summary>How the ids of an item type begin.</summary>
    public static string Prefix(string itemType) => itemType switch
    {
        "message" => "msg_",
        "function_call" => "fc_",
        "function_call_output" => "fco_",
        "reasoning" => "rs_",
        "compaction" => "cmp_",
        "mcp_approval_request" => "mcpr_",
        "custom_tool_call" => "ctc_",
        "custom_tool_call_output" => "ctco_",
        "web_search_call" => "ws_",
        "file_search_call" => "fs_",
        "code_interpreter_call" => "ci_",
        "image_generation_call" => "ig_",
        "mcp_list_tools" => "mcpl_",
        "mcp_call" => "mcp_",
        _ => "item_",
    };

    private static string New(string prefix) => prefix + RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}
