using System.Globalization;
using System.Text.Json.Nodes;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>
/// Responses as no upstream should write them: the items' ids, the calls' ids, the places, the kinds of events, their order and the
/// terminal event each in one of several wrong ways.
/// </summary>
internal sealed class OddResponses(int seed)
{
    private readonly Random _random = new(seed);
    private string _ids = "", _calls = "", _places = "", _kinds = "", _end = "", _empty = "";

    /// <summary>What is odd about the newest one.</summary>
    public override string ToString() => $"ids {_ids}, calls {_calls}, places {_places}, events {_kinds}, end {_end}, empty {_empty}";

    /// <summary>The events of the next one.</summary>
    public IReadOnlyList<string> Next()
    {
        _ids = Pick("right", "right", "none", "new in each event", "one for all", "new in the end", "only when done");
        _calls = Pick("right", "right", "none", "one for all", "new in the end", "only when done", "only when added");
        _places = Pick("right", "right", "none", "zero", "from one on", "text");
        _kinds = Pick("added delta text done", "added delta text done", "delta text done", "added delta text", "done", "delta", "", "added done");
        _end = Pick("all", "all", "none", "reversed", "calls", "null");
        _empty = Pick("nothing", "nothing", "done", "end");
        var items = Enumerable.Range(0, _random.Next(1, 4)).Select(place => new Item(
            place,
            Pick("function_call", "function_call", "message", "reasoning", "custom_tool_call"),
            Pick("count", "list"),
            _random.Next(4))).ToArray();
        var rows = items.Select(item => Row(item).ToArray()).ToArray();
        var longest = rows.Max(row => row.Length);
        var events = Pick(false, false, true)
            ? Enumerable.Range(0, longest).SelectMany(at => rows.Where(row => at < row.Length).Select(row => row[at]))
            : rows.SelectMany(row => row);
        if (Pick(false, false, true))
        {
            events = events.SelectMany(one => IsDelta(one) ? [one] : new[] { one, one });
        }

        return ["""{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}""", .. events.Select(one => one.ToJsonString()), Last(items)];
    }

    private static bool IsDelta(JsonObject one) => one["type"]!.ToString().EndsWith(".delta", StringComparison.Ordinal);

    private T Pick<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];

    private IEnumerable<JsonObject> Row(Item item)
    {
        foreach (var kind in _kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (kind is "added" or "done")
            {
                yield return At(item.Place, new JsonObject { ["type"] = $"response.output_item.{kind}", ["item"] = Json(item, kind) });
                continue;
            }

            foreach (var piece in kind == "delta" ? [item.Text[..3], item.Text[3..]] : new[] { item.Text })
            {
                var said = At(item.Place, new JsonObject { ["type"] = item.TextEvent + (kind == "delta" ? ".delta" : ".done"), [kind == "delta" ? "delta" : item.Member] = piece });
                Name(said, "item_id", item, kind);
                yield return said;
            }
        }
    }

    private string Last(Item[] items)
    {
        var response = new JsonObject { ["id"] = "resp_1", ["status"] = "completed" };
        if (_end is not "none")
        {
            var told = _end is "reversed" ? items.Reverse() : items.Where(item => _end is "all" || item.IsCall);
            response["output"] = _end is "null" ? null : new JsonArray([.. told.Select(item => Json(item, "end"))]);
        }

        return new JsonObject { ["type"] = "response.completed", ["response"] = response }.ToJsonString();
    }

    private JsonObject At(int place, JsonObject said)
    {
        said["output_index"] = _places switch
        {
            "zero" => 0,
            "from one on" => place + 1,
            "text" => place.ToString(CultureInfo.InvariantCulture),
            _ => place,
        };
        if (_places == "none")
        {
            said.Remove("output_index");
        }

        return said;
    }

    private void Name(JsonObject said, string member, Item item, string kind)
    {
        var id = _ids switch
        {
            "none" => null,
            "new in each event" => $"item_{item.Place}_{kind}",
            "one for all" => "item",
            "new in the end" when kind == "end" => $"other_{item.Place}",
            "only when done" when kind is not ("done" or "end") => null,
            _ => $"item_{item.Place}",
        };
        if (id is not null)
        {
            said[member] = id;
        }
    }

    private JsonObject Json(Item item, string kind)
    {
        var json = new JsonObject { ["type"] = item.Type };
        Name(json, "id", item, kind);
        var text = kind == "added" || kind == _empty ? "" : item.Text;
        if (!item.IsCall)
        {
            var part = new JsonObject { ["type"] = item.Type == "message" ? "output_text" : "summary_text", ["text"] = item.Text };
            json[item.Type == "message" ? "content" : "summary"] = text.Length == 0 ? new JsonArray() : new JsonArray(part);
            return json;
        }

        json["name"] = item.Name;
        json[item.Member] = text;
        var callId = _calls switch
        {
            "none" => null,
            "one for all" => "call",
            "new in the end" when kind == "end" => $"other_{item.Place}",
            "only when done" when kind == "added" => null,
            "only when added" when kind != "added" => null,
            _ => $"call_{item.Place}",
        };
        if (callId is not null)
        {
            json["call_id"] = callId;
        }

        return json;
    }

    private sealed record Item(int Place, string Type, string Name, int Number)
    {
        public bool IsCall => Type is "function_call" or "custom_tool_call";

        public string Member => Type switch { "function_call" => "arguments", "custom_tool_call" => "input", _ => "text" };

        public string Text => IsCall ? $$"""{"limit":{{Number}}}""" : $"text {Number}";

        public string TextEvent => Type switch
        {
            "function_call" => "response.function_call_arguments",
            "custom_tool_call" => "response.custom_tool_call_input",
            "message" => "response.output_text",
            _ => "response.reasoning_summary_text",
        };
    }
}
