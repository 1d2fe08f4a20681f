using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Web.Storage.Search;

/// <summary>What an event says that people look for: messages, answers, arguments and results of tools, reasons.</summary>
internal static class MomentText
{
    /// <summary>Longest text of one event that is searched, in characters.</summary>
    public const int MaxLength = 262_144;

    private const int MaxDepth = 60;

    /// <summary>The text, or null where the event says nothing or was erased. JSON is its values with their names, without its signs.</summary>
    public static string? Of(RunEvent runEvent)
    {
        if (runEvent.IsErased)
        {
            return null;
        }

        var text = (runEvent.Source is EventSource.Upstream ? OfUpstream(runEvent.Upstream) : OfOwn(runEvent.Payload))?.Trim();
        return text is { Length: > MaxLength } ? text[..MaxLength] : text is { Length: > 0 } ? text : null;
    }

    private static string? OfUpstream(ResponseEvent? upstream) => upstream switch
    {
        OutputItemEvent { Done: true, Item: { Type: "message" } message } => Join(message.Text, message.Refusal),
        // Calls of our own tools have events of their own.
        OutputItemEvent { Done: true, Item: { Type: not ("function_call" or "custom_tool_call" or "reasoning" or "compaction" or "mcp_list_tools") } hosted } =>
            Join(hosted.Name, OfHosted(hosted)),
        _ => null,
    };

    private static string? OfOwn(RunEventPayload? payload) => payload switch
    {
        RunForked forked => forked.Question,
        UserMessage message => Join([message.Text, .. message.AllFiles.Select(file => file.Name)]),
        SteerRequested message => Join(message.Text, message.Reason),
        ToolRequested call => Join(call.Intent, call.Name, Plain(call.Arguments)),
        ToolEnded end => Plain(end.Output),
        ToolOutcomeUnknown end => Plain(end.Output),
        ApprovalApproved approved => Join(Plain(approved.Arguments), approved.Reason),
        ApprovalDenied denied => denied.Reason,
        QuestionAsked asked => Join([asked.Question, .. asked.Choices ?? []]),
        QuestionAnswered answered => answered.Text,
        SupervisorWrote wrote => Join(wrote.Text, wrote.Reason),
        SupervisorAction action => action.Reason,
        RunFailed failed => Join(failed.Message, failed.Advice),
        RunCancelled cancelled => cancelled.Reason,
        _ => null,
    };

    // What a tool of the upstream was given and what it gave back, each kind in members of its own: all its words, but not what only
    // programs read.
    private static string? OfHosted(OutputItem item)
    {
        try
        {
            using var document = JsonDocument.Parse(item.Json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var words = new StringBuilder();
            AppendWords(words, null, document.RootElement);
            return words.ToString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Plain(item.Arguments);
        }
    }

    private static void AppendWords(StringBuilder words, string? name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject().Where(property => !IsForPrograms(property.Name)))
                {
                    AppendWords(words, property.Name, property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    AppendWords(words, name, item);
                }

                break;
            case JsonValueKind.String when words.Length <= MaxLength && value.GetString() is { Length: > 0 } text && !text.StartsWith("data:", StringComparison.Ordinal):
                words.Append(words.Length > 0 ? " · " : "").Append(name).Append(name is null ? "" : ": ").Append(Plain(text));
                break;
        }
    }

    // Kinds, ids, and bytes as text: the picture of an image is the `result` of its item.
    private static bool IsForPrograms(string name) =>
        name is "type" or "id" or "name" or "status" or "role" or "result" or "encrypted_content" || name.EndsWith("_id", StringComparison.Ordinal) || name.Contains("b64", StringComparison.Ordinal);

    private static string? Join(params ReadOnlySpan<string?> parts)
    {
        var joined = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is { Length: > 0 })
            {
                joined.Append(joined.Length > 0 ? "\n" : "").Append(part);
            }
        }

        return joined.Length > 0 ? joined.ToString() : null;
    }

    private static string? Plain(string? text)
    {
        if (text is null || text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return text;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var plain = new StringBuilder();
            Append(plain, null, document.RootElement);
            return plain.ToString();
        }
        catch (JsonException)
        {
            return text;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair as an escape, which no string can be.
            return text;
        }
    }

    private static void Append(StringBuilder plain, string? name, JsonElement value)
    {
        if (plain.Length > MaxLength)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Append(plain, property.Name, property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Append(plain, name, item);
                }

                break;
            default:
                plain.Append(plain.Length > 0 ? " · " : "").Append(name).Append(name is null ? "" : ": ").Append(value);
                break;
        }
    }
}
