using System.Text.Json.Nodes;

namespace Copilot.Domain.Replay.Export;

/// <summary>The texts of a run that came in pieces: what is to be covered may begin in one piece and end in the next.</summary>
internal sealed class TextStreams
{
    private readonly Dictionary<string, List<(JsonObject Payload, string Piece)>> _streams = new(StringComparer.Ordinal);

    /// <summary>Notes the piece of an event, where it has one.</summary>
    public void Add(string type, JsonObject? payload)
    {
        if (payload?["delta"] is not JsonValue value || !value.TryGetValue<string>(out var piece))
        {
            return;
        }

        var key = string.Join('|', type, payload["item_id"], payload["output_index"], payload["content_index"] ?? payload["summary_index"]);
        if (!_streams.TryGetValue(key, out var pieces))
        {
            _streams[key] = pieces = [];
        }

        pieces.Add((payload, piece));
    }

    /// <summary>Covers them all; every piece keeps its length.</summary>
    public void Cover(TextCover cover)
    {
        foreach (var pieces in _streams.Values)
        {
            var covered = cover.Of(string.Concat(pieces.Select(one => one.Piece)));
            var start = 0;
            foreach (var (payload, piece) in pieces)
            {
                payload["delta"] = covered.Substring(start, piece.Length);
                start += piece.Length;
            }
        }
    }
}
