using System.Text.Json;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Storage.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Storage.Search;

/// <summary>Runs in a real database, and what is found of them.</summary>
internal sealed class SearchScene(TestDatabase database)
{
    public static readonly FindScope Admin = new("usr_admin", null, IsAll: true);

    public IRunSearch Search => database.Services.GetRequiredService<IRunSearch>();

    public RunIndexer Indexer => database.Services.GetRequiredService<RunIndexer>();

    /// <summary>A run with a question, a call of a tool and an answer, all in one append each.</summary>
    public async Task AddAsync(FakeRun run, string question, string arguments, string result, string answer)
    {
        await database.Events.AppendAsync([run.Created(question)], CancellationToken.None);
        await database.Events.AppendAsync([run.Started()], CancellationToken.None);
        run.Summary = run.Summary with { ToolCalls = run.Summary.ToolCalls + 1 };
        await database.Events.AppendAsync(
            [run.Append(
                ("tool.requested", JsonSerializer.Serialize(new { name = "stock_look", arguments })),
                ("tool.completed", JsonSerializer.Serialize(new { name = "stock_look", output = result, duration_ms = 5 })),
                ("response.output_text.delta", """{"type":"response.output_text.delta","delta":"x"}"""),
                ("response.output_item.done", JsonSerializer.Serialize(new
                {
                    type = "response.output_item.done",
                    output_index = 0,
                    item = new { type = "message", id = "msg_1", role = "assistant", status = "completed", content = (object[])[new { type = "output_text", text = answer, annotations = Array.Empty<object>() }] },
                })))],
            CancellationToken.None);
        await database.Events.AppendAsync([run.Completed(answer)], CancellationToken.None);
    }

    /// <summary>A run with a question alone, as the summary says it.</summary>
    public async Task AddAsync(string name, string question, Func<RunSummary, RunSummary> with)
    {
        var run = new FakeRun(name);
        run.Summary = with(run.Summary with { Status = RunStatus.Completed });
        await database.Events.AppendAsync([run.Created(question)], CancellationToken.None);
        await database.Events.AppendAsync([run.Append(("run.completed", "{}"))], CancellationToken.None);
    }

    public Task IndexAsync() => Indexer.CatchUpAsync(CancellationToken.None);

    public async Task<IReadOnlyList<FoundRun>> FindAsync(FindScope scope, string query) =>
        await Search.ListAsync(scope, Query(query), CancellationToken.None);

    public async Task<string> NamesAsync(string query) => string.Join(' ', (await FindAsync(Admin, query)).Select(run => run.RunId[4..]).Order(StringComparer.Ordinal));

    public static RunQuery Query(string query) => new(RunFilter.Parse(query), RunSort.Date, IsAscending: false, After: null, 100, TimeZoneInfo.Utc);

    public static Intervention Intervention { get; } = new("supervisor.paused", new EventActor("usr_2", "Supervisor"), FakeRun.Start, 2, "Wait.");
}
