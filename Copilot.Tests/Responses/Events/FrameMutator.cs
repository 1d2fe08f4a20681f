using System.Text;
using System.Text.Json.Nodes;

namespace Copilot.Tests.Responses.Events;

/// <summary>Spoils recorded frames, the same way for the same seed: bytes, and values inside the JSON.</summary>
internal sealed class FrameMutator(int seed, IReadOnlyList<string> frames)
{
    private static readonly string[] s_types =
    [
        "error", "response.created", "response.completed", "response.failed", "response.incomplete", "response.done", "response.queued",
        "response.output_item.added", "response.output_item.done", "response.content_part.added", "response.output_text.delta",
        "response.output_text.done", "response.output_text.annotation.added", "response.reasoning_summary_text.delta",
        "response.function_call_arguments.done", "response.mcp_call.completed", "response.image_generation_call.partial_image",
        "response.steer.pending", "response.shell_call_command.added", "codex.rate_limits", "keepalive", "",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next spoiled frame.</summary>
    public byte[] Next()
    {
        var frame = frames[_random.Next(frames.Count)];
        return _random.Next(10) < 6 ? SpoilJson(frame) : SpoilBytes(Encoding.UTF8.GetBytes(frame));
    }

    private byte[] SpoilBytes(byte[] bytes)
    {
        var list = new List<byte>(bytes);
        for (var times = _random.Next(1, 4); times > 0 && list.Count > 0; times--)
        {
            var at = _random.Next(list.Count);
            switch (_random.Next(6))
            {
                case 0:
                    list[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    list.RemoveRange(at, Math.Min(list.Count - at, _random.Next(1, 20)));
                    break;
                case 2:
                    var noise = new byte[_random.Next(1, 8)];
                    _random.NextBytes(noise);
                    list.InsertRange(at, noise);
                    break;
                case 3:
                    list.RemoveRange(at, list.Count - at);
                    break;
                case 4:
                    list.InsertRange(at, list.GetRange(at, Math.Min(list.Count - at, 40)));
                    break;
                default:
                    var other = Encoding.UTF8.GetBytes(frames[_random.Next(frames.Count)]);
                    list.InsertRange(at, other.AsSpan(_random.Next(other.Length)).ToArray());
                    break;
            }
        }

        return [.. list];
    }

    private byte[] SpoilJson(string frame)
    {
        var root = JsonNode.Parse(frame)!.AsObject();
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            var place = Objects(root).ToArray();
            var owner = place[_random.Next(place.Length)];
            var names = owner.Select(pair => pair.Key).ToArray();
            var name = names.Length == 0 || _random.Next(12) == 0 ? Name() : names[_random.Next(names.Length)];
            if (_random.Next(5) == 0)
            {
                owner.Remove(name);
            }
            else
            {
                owner[name] = name == "type" ? JsonValue.Create(s_types[_random.Next(s_types.Length)]) : Value();
            }
        }

        var text = root.ToJsonString();
        return Encoding.UTF8.GetBytes(_random.Next(12) switch
        {
            0 => text.Replace("\"delta\"", "\"\\ud800\"", StringComparison.Ordinal),
            1 => text[..^1] + ",\"type\":\"error\"}",
            2 => " \r\n\t" + text + "\n\n",
            3 => text + text,
            4 => text.Replace("\"text\":\"", "\"text\":\"\\ud83d", StringComparison.Ordinal),
            _ => text,
        });
    }

    private string Name() => _random.Next(5) switch { 0 => "error", 1 => "response", 2 => "item", 3 => "", _ => "sequence_number" };

    private JsonNode? Value() => _random.Next(13) switch
    {
        0 => null,
        1 => JsonValue.Create(long.MaxValue),
        2 => JsonValue.Create(-1),
        3 => JsonValue.Create(1e300),
        4 => JsonValue.Create(0.5),
        5 => JsonValue.Create(""),
        6 => JsonValue.Create(new string('x', _random.Next(20_000))),
        7 => JsonValue.Create(true),
        8 => new JsonArray(1, "two", new JsonObject { ["type"] = "error" }),
        9 => new JsonObject { ["message"] = 5, ["headers"] = new JsonObject { ["retry-after"] = "soon" }, ["code"] = new JsonArray() },
        10 => JsonValue.Create("try again in 99999999999999999999h"),
        11 => Deep(_random.Next(1, 80)),
        _ => JsonValue.Create("completed"),
    };

    private static JsonNode Deep(int depth)
    {
        JsonNode node = new JsonObject();
        for (var i = 0; i < depth; i++)
        {
            node = i % 2 == 0 ? new JsonArray(node) : new JsonObject { ["type"] = node };
        }

        return node;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node)
    {
        if (node is JsonObject owner)
        {
            yield return owner;
        }

        var inner = node switch
        {
            JsonObject some => some.Select(pair => pair.Value),
            JsonArray some => some.AsEnumerable(),
            _ => [],
        };
        foreach (var found in inner.SelectMany(Objects))
        {
            yield return found;
        }
    }
}
