using System.Globalization;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Packing;

namespace Copilot.Bench.Replay;

/// <summary>
/// A long run that has ended: rounds of reasoning, a tool call with its result and a remark, an approval now and then, and at the end a
/// long answer in Markdown. Written and packed as the product leaves such a run.
/// </summary>
internal static class ReplayedRun
{
    /// <summary>Its id.</summary>
    public const string Id = "run_0000000000000000000000000000a11f";

    private const int AnswerWords = 6_000;
    private const int RoundsPerApproval = 40;

    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Writes and packs it.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="packer">Packs it.</param>
    /// <param name="events">About how many events it has.</param>
    public static async Task WriteAsync(IRunEventStore store, RunPacker packer, int events)
    {
        RunSummary? summary = null;
        var written = new List<RunEvent>();
        foreach (var one in Log(events))
        {
            written.Add(RunEventChain.Seal(
                Id,
                one.Seq,
                written.Count == 0 ? RunEventChain.Start : written[^1].Hash,
                new RunEventDraft { At = one.At, Source = one.Source, Actor = one.Actor, Type = one.Type, ResponseId = one.ResponseId, CallId = one.CallId, Data = one.Data }));
            summary = RunSummaryFold.Apply(summary, written[^1]);
        }

        await store.AppendAsync([new RunAppend(summary!, written)], CancellationToken.None);
        while (await packer.PackNextAsync(Id, TimeProvider.System.GetUtcNow(), CancellationToken.None))
        {
            // A segment at a time.
        }
    }

    private static IReadOnlyList<RunEvent> Log(int events)
    {
        var staff = DemoAccounts.All.First(account => account.Role == Roles.Staff);
        var random = new Random(11);
        var log = new RunLogBuilder { Now = s_start };
        log.Own(RunEventTypes.RunCreated, new
        {
            session_id = "ses_0000000000000000000000000000a11f",
            user_id = staff.UserId,
            team_id = "team_default",
            agent = new { id = "agt_default", version = 1, name = "Copilot", model = "bench" },
        });
        log.Own(RunEventTypes.UserMessage, new { text = "Check the stock of every depot and tell me what to order.", message_id = "m1" }, actor: new EventActor(staff.UserId, Roles.Staff));
        log.Own(RunEventTypes.RunStarted, new { }).Connect();
        var round = 0;
        for (; log.Events.Count < events - AnswerWords - 20; round++)
        {
            Round(log, round, random);
        }

        var answer = Answer(random);
        log.Send(round + 1, $"resp_{round}", "difference").Message(0, $"msg_{round}", "final_answer", answer).Complete($"resp_{round}").End();
        return log.Events;
    }

    private static void Round(RunLogBuilder log, int round, Random random)
    {
        var (response, call) = ($"resp_{round}", $"call_{round}");
        log.Send(round + 1, response, round == 0 ? "full" : "difference");
        log.Reasoning(0, $"rs_{round}", Words(random, 40));
        log.Message(1, $"msg_{round}", "commentary", Words(random, 30));
        string[] pieces = ["{\"part\":\"", .. Words(random, 12), "\",\"depot\":", round.ToString(CultureInfo.InvariantCulture), "}"];
        log.Call(2, $"fc_{round}", call, "stock_search", pieces).Complete(response);
        if (round % RoundsPerApproval == RoundsPerApproval - 1)
        {
            log.Own(RunEventTypes.ApprovalRequested, new { kind = "tool", name = "stock_search", arguments = string.Concat(pieces), timeout_ms = 600_000 }, call)
                .Wait(TimeSpan.FromMinutes(3))
                .Own(RunEventTypes.ApprovalApproved, new { reason = "It is urgent." }, call, new EventActor("usr_demo_supervisor1", Roles.Supervisor));
        }

        log.Tool(call, "stock_search", string.Concat(pieces), string.Concat(Words(random, 150)));
    }

    // Paragraphs, lists, a table and code, a word or two to a piece.
    private static string[] Answer(Random random)
    {
        var pieces = new List<string>();
        for (var part = 0; pieces.Count < AnswerWords; part++)
        {
            pieces.AddRange([$"## Depot {part}\n\n", .. Words(random, 60), "\n\n", "- **Pumps:** ", .. Words(random, 12), "\n", "- **Valves:** ", .. Words(random, 12), "\n\n"]);
            if (part % 4 == 3)
            {
                pieces.AddRange(["| Part | Stock | Order |\n", "|---|--:|--:|\n"]);
                for (var row = 0; row < 8; row++)
                {
                    pieces.AddRange([$"| {Words(random, 1)[0]}", $"| {random.Next(90)} ", $"| {random.Next(20)} |\n"]);
                }

                pieces.AddRange(["\n```sql\n", "select part, sum(stock)\n", "from depots\n", $"where id = {part}\n", "group by part\n", "```\n\n"]);
            }
        }

        return [.. pieces];
    }

    private static string[] Words(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new StringBuilder().Append(s_words[random.Next(s_words.Length)]).Append(' ').ToString())];

    private static readonly string[] s_words =
        ["cooling", "pump", "valve", "stock", "depot", "order", "seal", "the", "of", "in", "is", "two", "delivery", "Thursday", "customer", "shelf", "spare", "pressure", "with", "and"];
}
