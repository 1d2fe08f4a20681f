using System.Text.Json;

namespace Copilot.Domain.Responses.Requests;

/// <summary>What upstreams have refused of the extras, by address and model, for as long as the process lives.</summary>
internal sealed class RequestExtras
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Upstream, string Model), HashSet<RequestExtra>> _refused = [];

    /// <summary>The extras that settings have.</summary>
    public static IReadOnlyList<RequestExtra> In(ResponseSettings settings)
    {
        var extras = new List<RequestExtra>();
        if (settings.ReasoningSummary == new UpstreamOptions().ReasoningSummary)
        {
            extras.Add(RequestExtra.ReasoningSummary);
        }

        if (settings.Include.Count > 0 || (!settings.Store && settings.IncludesReasoning))
        {
            extras.Add(RequestExtra.Include);
        }

        if (settings.PromptCacheKey is not null)
        {
            extras.Add(RequestExtra.PromptCacheKey);
        }

        if (settings.Tools.Span.IndexOf("\"strict\":true"u8) >= 0)
        {
            extras.Add(RequestExtra.StrictTools);
        }

        if (!settings.Tools.IsEmpty && settings.ParallelToolCalls is true)
        {
            extras.Add(RequestExtra.ParallelToolCalls);
        }

        return extras;
    }

    /// <summary>Notes that an upstream refuses one.</summary>
    public void Refuse(string upstream, string model, RequestExtra extra)
    {
        lock (_lock)
        {
            if (!_refused.TryGetValue((upstream, model), out var known))
            {
                _refused[(upstream, model)] = known = [];
            }

            known.Add(extra);
        }
    }

    /// <summary>The settings without what this upstream refuses; the same ones where it refuses nothing.</summary>
    /// <param name="upstream">Its address.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="last">What this gave for them before, or null: equal settings stay the same object, so that they are written once.</param>
    public ResponseSettings Without(string upstream, ResponseSettings settings, ResponseSettings? last)
    {
        var left = Without(upstream, settings);
        return last is not null && !ReferenceEquals(left, settings) && last with { Tools = default } == left with { Tools = default }
            && last.Tools.Span.SequenceEqual(left.Tools.Span) ? last : left;
    }

    private ResponseSettings Without(string upstream, ResponseSettings settings)
    {
        RequestExtra[] refused;
        lock (_lock)
        {
            refused = _refused.TryGetValue((upstream, settings.Model), out var known) ? [.. known.Order()] : [];
        }

        return refused.Aggregate(settings, Without);
    }

    private static ResponseSettings Without(ResponseSettings settings, RequestExtra extra) => extra switch
    {
        RequestExtra.ReasoningSummary => settings with { ReasoningSummary = null },
        RequestExtra.Include => settings with { Include = [], IncludesReasoning = false },
        RequestExtra.PromptCacheKey => settings with { PromptCacheKey = null },
        RequestExtra.ParallelToolCalls => settings with { ParallelToolCalls = null },
        RequestExtra.StrictTools => settings with { Tools = WithoutStrict(settings.Tools) },
        _ => settings,
    };

    private static ReadOnlyMemory<byte> WithoutStrict(ReadOnlyMemory<byte> tools)
    {
        if (tools.IsEmpty)
        {
            return tools;
        }

        using var document = JsonDocument.Parse(tools);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(tools.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var tool in document.RootElement.EnumerateArray())
            {
                writer.WriteStartObject();
                foreach (var member in tool.EnumerateObject().Where(member => !member.NameEquals("strict")))
                {
                    member.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }
}
