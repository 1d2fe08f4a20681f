using System.Globalization;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Packing;

namespace Copilot.Bench.Open;

/// <summary>Runs that have ended: rounds of reasoning and a tool call, then an answer, in as many pieces as make up the events.</summary>
internal static class EndedRuns
{
    private const int Round = 75;

    private static readonly string[] s_words =
        ["cooling", "pump", "valve", "stock", "depot", "order", "seal", "the", "of", "in", "is", "two", "delivery", "Thursday", "customer", "shelf"];

    /// <summary>Writes runs and packs them where asked.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="packer">Packs them; null where they keep a row for each event.</param>
    /// <param name="count">How many.</param>
    /// <param name="events">About how many events each has.</param>
    /// <param name="isCut">True where the last response was cut once, so that the pieces of its answer are all there is of them.</param>
    public static async Task<IReadOnlyList<RunSummary>> WriteAsync(IRunEventStore store, RunPacker? packer, int count, int events, bool isCut)
    {
        var runs = new List<RunSummary>();
        for (var number = 0; number < count; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"run_{events}_{packer is not null}_{isCut}_{number}");
            RunSummary? summary = null;
            var written = new List<RunEvent>();
            var key = SaltKey.Create();
            foreach (var one in Log(id, events, isCut, new Random(number)))
            {
                var draft = new RunEventDraft
                {
                    At = one.At,
                    Source = one.Source,
                    Actor = one.Actor,
                    Type = one.Type,
                    ResponseId = one.ResponseId,
                    CallId = one.CallId,
                    Data = one.Data,
                };
                written.Add(RunEventChain.Seal(id, one.Seq, written.Count == 0 ? RunEventChain.Start : written[^1].Hash, draft, key, isNewKey: written.Count == 0));
                summary = RunSummaryFold.Apply(summary, written[^1]);
            }

            await store.AppendAsync([new RunAppend(summary!, written)], CancellationToken.None);
            while (packer is not null && await packer.PackNextAsync(id, TimeProvider.System.GetUtcNow(), CancellationToken.None))
            {
                // A segment at a time.
            }

            runs.Add(summary!);
        }

        return runs;
    }

    private static IReadOnlyList<RunEvent> Log(string id, int events, bool isCut, Random random)
    {
        var log = new RunLogBuilder { Now = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero) }
            .Own(RunEventTypes.RunCreated, new
            {
                session_id = "ses_open",
                user_id = "usr_bench",
                team_id = "team_default",
                agent = new { id = "agt_default", version = 1, name = "Copilot", model = "bench" },
            })
            .Own(RunEventTypes.UserMessage, new { text = "What is in stock, and what is to be ordered?", message_id = id }, actor: new EventActor("usr_bench", "Staff"))
            .Own(RunEventTypes.RunStarted, new { })
            .Connect();
        var round = 0;
        for (; log.Events.Count < events * 2 / 3; round++)
        {
            var (response, call) = ($"resp_{round}", $"call_{round}");
            log.Send(round + 1, response, round == 0 ? "full" : "difference").Reasoning(0, $"rs_{round}", Words(random, Round / 2));
            string[] pieces = ["{\"part\":\"", .. Words(random, Round / 4), "\"}"];
            log.Call(1, $"fc_{round}", call, "stock_search", pieces).Complete(response);
            log.Tool(call, "stock_search", string.Concat(pieces), string.Concat(Words(random, 150)));
        }

        if (isCut)
        {
            log.Send(round + 1, $"resp_{round}", "difference");
            log.Frame("""{"type":"response.output_item.added","output_index":0,"item":{"id":"cut","type":"message","role":"assistant","status":"in_progress","content":[]}}""");
            foreach (var word in Words(random, Round / 2))
            {
                log.Delta("output_text", "cut", 0, word);
            }

            log.Own(RunEventTypes.AttemptSuperseded, new { response_id = $"resp_{round}", reason = "The connection was lost." });
            round++;
        }

        var left = Math.Max(10, events - log.Events.Count - 12);
        return log.Send(round + 1, $"resp_{round}", "difference")
            .Message(0, $"msg_{round}", "final_answer", Words(random, left))
            .Complete($"resp_{round}")
            .End()
            .Events;
    }

    private static string[] Words(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new StringBuilder().Append(s_words[random.Next(s_words.Length)]).Append(' ').ToString())];
}
