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
        if (item.Name is null || !LegalName().IsMatch(item.Name) || !IsText(json, "name"u8))
        {
            json = JsonMembers.Set(json, "name"u8, JsonMembers.Quote(NameOf(item.Name)));
        }

        if (item.CallId is { } callId && CallIdOf(callId) is var legal && (legal != callId || !IsText(json, "call_id"u8)))
        {
            json = JsonMembers.Set(json, "call_id"u8, JsonMembers.Quote(legal));
        }

        if (item.Type != "function_call")
        {
            return json;
        }

        var arguments = ArgumentsOf(item.Arguments);
        return arguments == item.Arguments && IsText(json, "arguments"u8)
            ? json
            : JsonMembers.Set(json, "arguments"u8, JsonMembers.Quote(arguments));
    }

    /// <summary>A call's id as it may be sent: its own where it is printable and short enough. Call and output get the same.</summary>
    public static string CallIdOf(string callId) => LegalId().IsMatch(callId)
        ? callId
        : "call_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(callId)))[..32];

    /// <summary>
    /// A message as it may be sent: the same where it keeps the rules, else the model's, without the parts that hold nothing to be said. Null
    /// where nothing is left of it.
    /// </summary>
    public static ReadOnlyMemory<byte>? Message(ReadOnlyMemory<byte> json)
    {
        var content = JsonMembers.Find(json.Span, "content"u8);
        if (content.Kind is JsonTokenType.StartArray)
        {
            var (parts, whole) = (new List<byte[]>(), true);
            var array = new JsonMemberReader(content.Of(json.Span));
            while (array.Next())
            {
                var part = PartOf(array.Value.Of(content.Of(json.Span)), ref whole);
                if (part is not null)
                {
                    parts.Add(part);
                }
            }

            if (!whole && parts.Count == 0)
            {
                return null;
            }

            byte[] said = [(byte)'[', .. parts.SelectMany((bytes, index) => index == 0 ? bytes : [(byte)',', .. bytes]), (byte)']'];
            json = whole ? json : JsonMembers.Set(json, "content"u8, said);
        }
        else if (content.Kind is not JsonTokenType.String)
        {
            return null;
        }

        // What came as output was said by the model, whatever it says of itself: it gives nobody a role.
        return JsonMembers.Find(json.Span, "role"u8).Text(json.Span) is "assistant" ? json : JsonMembers.Set(json, "role"u8, "\"assistant\""u8);
    }

    private static byte[]? PartOf(ReadOnlySpan<byte> part, ref bool whole)
    {
        var type = part is [(byte)'{', ..] && IsText(part, "type"u8) ? JsonMembers.Find(part, "type"u8).Text(part) : null;
        if (type is "refusal" ? IsText(part, "refusal"u8) : type is "output_text" ? IsText(part, "text"u8) : type is not (null or "input_text"))
        {
            return part.ToArray();
        }

        whole = false;
        return type is "input_text" && IsText(part, "text"u8) ? JsonMembers.Set(part.ToArray(), "type"u8, "\"output_text\""u8).ToArray() : null;
    }

    private static bool IsText(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name) => IsText(json.Span, name);

    private static bool IsText(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => JsonMembers.Find(json, name).Kind is JsonTokenType.String;

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
