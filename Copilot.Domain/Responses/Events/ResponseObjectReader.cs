using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

/// <summary>Reads the response object of lifecycle events.</summary>
internal static class ResponseObjectReader
{
    private const int LongestWord = 500;
    private const string NoReason = "The response failed, and the upstream gave no reason.";

    /// <summary>Reads a response object; one that is missing becomes a snapshot with an empty id.</summary>
    /// <param name="json">The object, or empty.</param>
    /// <param name="type">The type of its event, which decides the response's status.</param>
    public static ResponseSnapshot Read(ReadOnlyMemory<byte> json, EventType type)
    {
        var span = json.Span;
        JsonRange id = default, status = default, model = default, incomplete = default, error = default, usage = default, output = default;
        if (!span.IsEmpty && span[0] == (byte)'{')
        {
            // A response that has just started repeats the request's tools and instructions, and carries nothing else yet.
            var begins = type.Status is ResponseStatus.InProgress or ResponseStatus.Queued;
            var members = new JsonMemberReader(span);
            while (!(begins && id.HasValue && status.HasValue && model.HasValue) && members.Next())
            {
                var member = members.Name;
                if (member.SequenceEqual("id"u8))
                {
                    id = members.Value;
                }
                else if (member.SequenceEqual("status"u8))
                {
                    status = members.Value;
                }
                else if (member.SequenceEqual("model"u8))
                {
                    model = members.Value;
                }
                else if (member.SequenceEqual("incomplete_details"u8))
                {
                    incomplete = members.Value;
                }
                else if (member.SequenceEqual("error"u8))
                {
                    error = members.Value;
                }
                else if (member.SequenceEqual("usage"u8))
                {
                    usage = members.Value;
                }
                else if (member.SequenceEqual("output"u8))
                {
                    output = members.Value;
                }
            }
        }

        var settled = Status(type, status.Text(span), error.HasValue);
        return new ResponseSnapshot
        {
            // With a longer one nobody could ask for it again.
            Id = id.Text(span) is { Length: <= LongestWord } named ? named : "",
            Status = settled,
            Model = Short(model.Text(span)),
            IncompleteReason = incomplete.Kind == JsonTokenType.StartObject ? Short(Member(incomplete.Of(span), "reason"u8).Text(incomplete.Of(span))) : null,
            Error = error.HasValue
                ? ResponseErrorParser.ReadError(error.Of(span))
                : settled == ResponseStatus.Failed ? new ResponseError { Message = NoReason } : null,
            Usage = usage.Kind == JsonTokenType.StartObject ? ReadUsage(usage.Of(span)) : null,
            Output = OutputItemReader.ReadAll(output.Of(json)),
        };
    }

    // The type decides, but where it and the status contradict each other, the response is no success. response.done only says that
    // the response has ended.
    private static ResponseStatus Status(EventType type, string? status, bool hasError) => (type.Status, status) switch
    {
        (ResponseStatus.Completed, "failed") => ResponseStatus.Failed,
        (ResponseStatus.Completed, "cancelled") => ResponseStatus.Cancelled,
        (ResponseStatus.Completed, _) when hasError => ResponseStatus.Failed,
        (ResponseStatus.Completed, "incomplete" or "in_progress" or "queued") => ResponseStatus.Incomplete,
        (ResponseStatus.Incomplete, "failed") => ResponseStatus.Failed,
        (ResponseStatus.InProgress, "queued") when type.Type == "response.created" => ResponseStatus.Queued,
        _ => type.Status,
    };

    private static string? Short(string? word) => word is { Length: > LongestWord } ? word[..LongestWord] : word;

    /// <summary>
    /// The tokens of a <c>usage</c> object; null for one that does not say what went in and came out, or says what cannot be: unknown is not
    /// zero.
    /// </summary>
    internal static ResponseUsage? ReadUsage(ReadOnlySpan<byte> usage)
    {
        if (Member(usage, "input_tokens"u8).Number(usage) is not ({ } input and >= 0 and <= ResponseUsage.MostTokens)
            || Member(usage, "output_tokens"u8).Number(usage) is not ({ } output and >= 0 and <= ResponseUsage.MostTokens))
        {
            return null;
        }

        var inputDetails = Member(usage, "input_tokens_details"u8).Of(usage);
        var outputDetails = Member(usage, "output_tokens_details"u8).Of(usage);
        return new ResponseUsage(
            input,
            Part(Member(inputDetails, "cached_tokens"u8).Number(inputDetails), input),
            output,
            Part(Member(outputDetails, "reasoning_tokens"u8).Number(outputDetails), output))
        {
            CacheWriteTokens = Part(
                Member(inputDetails, "cache_write_tokens"u8).Number(inputDetails) ?? Member(usage, "cache_creation_input_tokens"u8).Number(usage), input),
        };

        static long Part(long? tokens, long whole) => Math.Clamp(tokens ?? 0, 0, whole);
    }

    private static JsonRange Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            return default;
        }

        var members = new JsonMemberReader(json);
        while (members.Next())
        {
            if (members.Name.SequenceEqual(name))
            {
                return members.Value;
            }
        }

        return default;
    }
}
