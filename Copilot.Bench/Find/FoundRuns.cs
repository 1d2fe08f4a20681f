using System.Globalization;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Bench.Find;

/// <summary>Runs of fifty events each, ten of them with text. The same at every run of the bench.</summary>
internal static class FoundRuns
{
    private const int EventsPerRun = 50;
    private const int PerTransaction = 40;
    private const int People = 50;
    private const int Calls = 4;
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_japanese = ["昨日東京都の倉庫で冷却ポンプの在庫を確認しました。", "新しい注文は来週の月曜日に届きます。", "お客様に電話してください。"];

    /// <summary>A person's id.</summary>
    public static string Person(int number) => string.Create(CultureInfo.InvariantCulture, $"usr_{number}");

    /// <summary>Writes so many events. Returns how many runs they are of.</summary>
    public static async Task<int> WriteAsync(IRunEventStore store, int events, CancellationToken cancellationToken)
    {
        var random = new Random(17);
        var count = events / EventsPerRun;
        foreach (var some in Enumerable.Range(0, count).Chunk(PerTransaction))
        {
            await store.AppendAsync([.. some.Select(number => Run(number, random))], cancellationToken);
        }

        return count;
    }

    private static RunAppend Run(int number, Random random)
    {
        var name = number.ToString("x32", CultureInfo.InvariantCulture);
        var draft = new Draft($"run_{name}", s_start.AddSeconds(number));
        draft.Add(EventSource.User, new RunCreation
        {
            SessionId = $"ses_{(number / 3).ToString("x32", CultureInfo.InvariantCulture)}",
            Owner = new RunOwner(Person(number / 3 % People), "team_default"),
            Agent = new AgentSnapshot { Id = "agt_default", Version = 1, Name = "Copilot", Instructions = "Be brief.", Model = "demo-1" },
            Metadata = new Dictionary<string, string>(),
        }.ToEvent());
        draft.Add(EventSource.User, new UserMessage($"Is the cooling pump for customer {number} on the shelf? {Words(random, 12)}", null, null));
        draft.Add(EventSource.Agent, new RunStarted());
        for (var call = 0; call < Calls; call++)
        {
            draft.Add(EventSource.Agent, new ToolRequested("stock_look", JsonSerializer.Serialize(new { part = Words(random, 3), place = number % 40 }), true, true));
            draft.Add(EventSource.Agent, new ToolCompleted("stock_look", $"{Words(random, 60)} {s_japanese[random.Next(s_japanese.Length)]}", TimeSpan.FromMilliseconds(20)));
        }

        while (draft.Events.Count < EventsPerRun - 2)
        {
            draft.AddUpstream("response.output_text.delta", """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"word "}""");
        }

        draft.AddUpstream("response.output_item.done", JsonSerializer.Serialize(new
        {
            type = "response.output_item.done",
            output_index = 0,
            item = new { type = "message", id = "msg_1", role = "assistant", status = "completed", content = (object[])[new { type = "output_text", text = Words(random, 80), annotations = Array.Empty<object>() }] },
        }));
        draft.Add(EventSource.Agent, new RunCompleted(TimeSpan.FromSeconds(2), null, null, null));
        return new RunAppend(draft.Summary!, draft.Events);
    }

    // A few words are everywhere, most are rare.
    private static string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, count)
        .Select(_ => string.Create(CultureInfo.InvariantCulture, $"w{(int)(20_000 * Math.Pow(random.NextDouble(), 3))}")));

    private sealed class Draft(string runId, DateTimeOffset at)
    {
        private readonly List<RunEvent> _events = [];

        public RunSummary? Summary { get; private set; }

        public List<RunEvent> Events => _events;

        public void Add(EventSource source, RunEventPayload payload) => Add(source, RunEventRecords.TypeOf(payload), RunEventRecords.Write(payload));

        public void AddUpstream(string type, string json) => Add(EventSource.Upstream, type, Encoding.UTF8.GetBytes(json));

        private void Add(EventSource source, string type, ReadOnlyMemory<byte> data)
        {
            var added = RunEventChain.Seal(
                runId,
                _events.Count + 1,
                _events.Count == 0 ? RunEventChain.Start : _events[^1].Hash,
                new RunEventDraft { At = at.AddMilliseconds(_events.Count * 40), Source = source, Type = type, Data = data });
            _events.Add(added);
            Summary = RunSummaryFold.Apply(Summary, added);
        }
    }
}
