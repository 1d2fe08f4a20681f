using Copilot.Domain.Timeline.Items;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>The sources of an answer.</summary>
public static class Citations
{
    /// <summary>Most quotes of one source.</summary>
    public const int MaxQuotes = 3;

    private const int MaxQuote = 120;

    /// <summary>The different sources of an answer, in the order they are first referred to. Reads the texts: not for every delta.</summary>
    public static IReadOnlyList<Citation> Of(AnswerItem answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        List<Citation> sources = [];
        foreach (var annotation in answer.Annotations)
        {
            if (Read(annotation, answer) is not { } citation)
            {
                continue;
            }

            var known = sources.FindIndex(one => one.Kind == citation.Kind
                && one.Url == citation.Url
                && one.Id == citation.Id
                && (one.Url ?? one.Id ?? one.Title) == (citation.Url ?? citation.Id ?? citation.Title));
            if (known < 0)
            {
                sources.Add(citation);
            }
            else if (citation.Quotes is [var quote] && sources[known].Quotes.Count < MaxQuotes && !sources[known].Quotes.Contains(quote))
            {
                sources[known] = sources[known] with { Quotes = [.. sources[known].Quotes, quote] };
            }
        }

        return sources;
    }

    /// <summary>The answer with the annotations of its finished item that did not come as events of their own.</summary>
    internal static AnswerItem Fill(AnswerItem answer, SeqMark mark, OutputItem item)
    {
        if (answer.Done is not null || item.Json.Span.IndexOf("\"annotations\""u8) < 0)
        {
            return answer;
        }

        try
        {
            using var document = JsonDocument.Parse(item.Json);
            if (!document.RootElement.TryGetProperty("content", out var content) || content.ValueKind is not JsonValueKind.Array)
            {
                return answer;
            }

            var part = 0;
            foreach (var one in content.EnumerateArray())
            {
                if (one.ValueKind is JsonValueKind.Object
                    && one.TryGetProperty("annotations", out var annotations)
                    && annotations.ValueKind is JsonValueKind.Array)
                {
                    answer = Fill(answer, mark, part, annotations);
                }

                part++;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An item that cannot be read again still has the annotations that streamed.
            return answer;
        }

        return answer;
    }

    private static AnswerItem Fill(AnswerItem answer, SeqMark mark, int part, JsonElement annotations)
    {
        var known = answer.Annotations.Count(one => one.Part == part);
        return answer with
        {
            Annotations = answer.Annotations.AddRange(annotations.EnumerateArray().Skip(known)
                .Take(HostedToolDetails.MaxEntries)
                .Select(one => new AnswerAnnotation(mark.Seq, mark.At, part, JsonSerializer.SerializeToUtf8Bytes(one)))),
        };
    }

    private static Citation? Read(AnswerAnnotation annotation, AnswerItem answer)
    {
        try
        {
            using var document = JsonDocument.Parse(annotation.Json);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                return null;
            }

            var quote = Quote(root, answer, annotation.Part);
            return new Citation(
                Text(root, "type") switch
                {
                    "url_citation" => CitationKind.Page,
                    "file_citation" => CitationKind.File,
                    "container_file_citation" => CitationKind.ContainerFile,
                    "file_path" => CitationKind.FilePath,
                    _ => CitationKind.Other,
                },
                Text(root, "url"),
                Text(root, "title") ?? Text(root, "filename"),
                Text(root, "file_id"),
                quote is null ? [] : [quote]) { Seq = annotation.Seq };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A citation without anything to show is no citation.
            return null;
        }
    }

    /// <summary>The words that an annotation's place covers: API offsets count characters, ours count UTF-16 units.</summary>
    private static string? Quote(JsonElement annotation, AnswerItem answer, int part)
    {
        var place = answer.Parts.FindPart(TextPartKind.Answer, part);
        if (place < 0
            || !annotation.TryGetProperty("start_index", out var first) || !first.TryGetInt32(out var start)
            || !annotation.TryGetProperty("end_index", out var last) || !last.TryGetInt32(out var end)
            || start < 0 || end <= start || start >= answer.Parts[place].Text.Length)
        {
            return null;
        }

        var text = answer.Parts[place].Text.Head((int)Math.Min(2L * end, int.MaxValue));
        var from = Units(text, start);
        var to = Units(text, end);
        var words = CitationMarkers.Strip(text[from..to]).ReplaceLineEndings(" ").Trim();
        return words.Length == 0 ? null : words.Length <= MaxQuote ? words : Cut(words);
    }

    private static string Cut(string words) =>
        string.Concat(words.AsSpan(0, char.IsHighSurrogate(words[MaxQuote - 2]) ? MaxQuote - 2 : MaxQuote - 1).TrimEnd(), "…");

    /// <summary>The UTF-16 offset of the n-th character.</summary>
    private static int Units(string text, int characters)
    {
        var offset = 0;
        for (var seen = 0; seen < characters && offset < text.Length; seen++)
        {
            offset += char.IsSurrogatePair(text, offset) ? 2 : 1;
        }

        return offset;
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
