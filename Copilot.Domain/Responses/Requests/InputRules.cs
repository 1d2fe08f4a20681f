using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Responses.Requests;

/// <summary>
/// What every upstream takes back. A model may write a name, an id or arguments that its own server refuses in the next request; sent as
/// they were, they would end the conversation. The log keeps what came.
/// </summary>
internal static partial class InputRules
{
    private const int LongestName = 64;

    /// <summary>A call as it may be sent: the same item where it keeps the rules.</summary>
    public static ReadOnlyMemory<byte> Call(ReadOnlyMemory<byte> json)
    {
        var item = OutputItemReader.Read(json);
        json = item.Json;
        if (item.Name is null || !LegalName().IsMatch(item.Name))
        {
            json = JsonMembers.Set(json, "name"u8, JsonMembers.Quote(NameOf(item.Name)));
        }

        if (item.CallId is { } callId && CallIdOf(callId) is var legal && legal != callId)
        {
            json = JsonMembers.Set(json, "call_id"u8, JsonMembers.Quote(legal));
        }

        if (item.Type != "function_call")
        {
            return json;
        }

        var arguments = ArgumentsOf(item.Arguments);
        return arguments == item.Arguments && JsonMembers.Find(json.Span, "arguments"u8).Kind is JsonTokenType.String
            ? json
            : JsonMembers.Set(json, "arguments"u8, JsonMembers.Quote(arguments));
    }

    /// <summary>A call's id as it may be sent: its own where it is printable and short enough. Call and output get the same.</summary>
    public static string CallIdOf(string callId) => LegalId().IsMatch(callId)
        ? callId
        : "call_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(callId)))[..32];

    private static string NameOf(string? name)
    {
        var legal = Illegal().Replace(name ?? "", "_").Trim('_');
        return legal.Length == 0 ? "unknown" : legal.Length > LongestName ? legal[..LongestName] : legal;
    }

    private static string ArgumentsOf(string? arguments)
    {
        ReadOnlyMemory<byte> written = Encoding.UTF8.GetBytes(arguments ?? "");
        var members = new JsonMemberReader(written.Span);
        while (members.Next())
        {
        }

        if (!members.IsObject || !members.IsWhole)
        {
            return "{}";
        }

        var whole = JsonHalves.Replace(written);
        return whole.Equals(written) ? arguments! : Encoding.UTF8.GetString(whole.Span);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex LegalName();

    [GeneratedRegex(@"^[!-~]{1,64}\z")]
    private static partial Regex LegalId();

    [GeneratedRegex("[^a-zA-Z0-9_-]+")]
    private static partial Regex Illegal();
}
