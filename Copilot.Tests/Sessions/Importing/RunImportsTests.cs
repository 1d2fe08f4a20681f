using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Importing;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.Importing;

public sealed class RunImportsTests(RunImportsTests.Server server) : IClassFixture<RunImportsTests.Server>
{
    private readonly ImportMemory _memory = new(Microsoft.Extensions.Options.Options.Create(new LimitOptions()));

    [Theory]
    [InlineData(Roles.Staff, false)]
    [InlineData(Roles.Supervisor, true)]
    [InlineData(Roles.Admin, true)]
    public async Task Open_ByRole_IsForWhoSeesHowRunsWork(string role, bool may)
    {
        var user = Person(role);
        var file = ExportFiles.Golden("completed-run-completed");

        if (may)
        {
            using var opened = await OpenAsync(user, "run.jsonl", file);
            Assert.NotEmpty(opened.Runs);
        }
        else
        {
            Assert.Equal(ImportRefusal.NotAllowed, (await Assert.ThrowsAsync<ImportRefusedException>(() => OpenAsync(user, "run.jsonl", file))).Refusal);
        }
    }

    [Theory]
    [InlineData("run.jsonl.gz")]
    [InlineData("run.html")]
    [InlineData("run.zip")]
    [InlineData("")]
    [InlineData("../../run.jsonl/..")]
    public async Task Open_OtherKind_IsRefusedUnread(string name)
    {
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(
            () => Imports.OpenAsync(Person(Roles.Admin), name, 10, () => throw new InvalidOperationException("It was opened."), _ => { }, CancellationToken.None));

        Assert.Equal(ImportRefusal.OtherKind, refused.Refusal);
    }

    [Fact]
    public async Task Open_NameThatIsAPath_IsOnlyShown()
    {
        const string name = "../../../../etc/<img src=x onerror=alert(1)>/passwd.jsonl";

        using var opened = await OpenAsync(Person(Roles.Admin), name, ExportFiles.Golden("completed-run-completed"));

        Assert.Equal(name, opened.Name);
    }

    [Fact]
    public async Task Open_MoreThanThereIsRoomFor_WaitsUntilSomebodyCloses()
    {
        var user = Person(Roles.Admin);
        var file = ExportFiles.Golden("completed-run-completed");
        var memory = new ImportMemory(Microsoft.Extensions.Options.Options.Create(new LimitOptions { ImportBytesTogether = file.Length + 1 }));
        var imports = server.Imports(memory);
        var first = await imports.OpenAsync(user, "a.jsonl", file.Length, () => new MemoryStream(file), _ => { }, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(
            () => imports.OpenAsync(user, "b.jsonl", file.Length, () => new MemoryStream(file), _ => { }, CancellationToken.None));
        first.Dispose();
        first.Dispose();
        using var second = await imports.OpenAsync(user, "b.jsonl", file.Length, () => new MemoryStream(file), _ => { }, CancellationToken.None);

        Assert.Equal(ImportRefusal.NoRoom, refused.Refusal);
        Assert.Equal(file.Length, memory.Taken);
    }

    [Fact]
    public async Task Open_BrokenTooLargeOrStopped_GivesItsRoomBack()
    {
        var user = Person(Roles.Admin);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<ExportFormatException>(() => OpenAsync(user, "a.jsonl", [1, 2, 3]));
        await Assert.ThrowsAsync<ImportRefusedException>(
            () => Imports.OpenAsync(user, "a.jsonl", Imports.MostBytes + 1, () => throw new InvalidOperationException("It was opened."), _ => { }, CancellationToken.None));
        var file = ExportFiles.Golden("completed-run-completed");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Imports.OpenAsync(user, "a.jsonl", file.Length, () => new MemoryStream(file), _ => stop.Cancel(), stop.Token));

        Assert.Equal(0, _memory.Taken);
    }

    [Fact]
    public async Task Source_OfEveryGoldenLog_ShowsWhatTheReducerShows()
    {
        var user = Person(Roles.Supervisor);
        foreach (var name in GoldenLog.Names)
        {
            using var file = await OpenAsync(user, "run.jsonl", ExportFiles.Golden(name));
            var source = new ImportedRunSource(file, NullLogger.Instance);
            foreach (var run in GoldenLog.Read(name).Runs)
            {
                var step = await ShowAsync(source, user, run[0].RunId);
                var expected = TimelineReducer.Apply(TimelineState.Empty, run);

                Assert.Equal(WatchPhase.Open, source.State.Phase);
                Assert.True(source.State.IsFromFile);
                Assert.False(source.State.CanControl);
                Assert.True(step.HasEnded);
                Assert.Equal(expected.HeadSeq, step.State.HeadSeq);
                Assert.Equal(expected.Status, step.State.Status);
                Assert.Equal(expected.AnswerText, step.State.AnswerText);
                Assert.Equal(run.Count, step.Times.Count);
            }
        }
    }

    [Fact]
    public async Task Source_OfAClip_HasItsOwnEventsOnly()
    {
        var user = Person(Roles.Supervisor);
        using var file = await OpenAsync(user, "clip.jsonl", ExportFiles.Of("completed-run-completed", new SeqRange(4, 9), Redaction.None));
        var source = new ImportedRunSource(file, NullLogger.Instance);

        var step = await ShowAsync(source, user, file.Runs[0].Summary.RunId);
        var matches = source.Events!.Find(RawEventFilter.None);
        await source.Events.SearchAsync(matches, step.State.HeadSeq, CancellationToken.None);
        var rows = await source.Events.ReadAsync([.. Enumerable.Range(0, matches.Count).Select(matches.SeqAt)], CancellationToken.None);

        Assert.Equal([4, 5, 6, 7, 8, 9], rows.Select(row => row.Seq));
        Assert.Equal(2, matches.RowOf(6));
        Assert.Equal(6, step.Density.Counts.Sum());
        Assert.Equal(4, step.Times.TimeOf(4) is { } first ? Math.Max(4, step.Times.SeqAt(first)) : 0);
        Assert.Equal(step.State.HeadSeq, (await source.Events.FindAsync(9, CancellationToken.None))!.Row.Seq);
    }

    [Fact]
    public async Task Source_OfUnknownTypesAndBrokenPayloads_IsShown()
    {
        var user = Person(Roles.Supervisor);
        var text = ExportFiles.Header + string.Concat(Enumerable.Range(1, 3000).Select(seq => ExportFiles.Event(
            seq, (seq % 4) switch { 0 => "response.output_text.delta", 1 => "<b>martian</b>", 2 => "tool.started", _ => "run.created" }, seq % 3 == 0 ? "not JSON" : new string('[', seq % 500))));
        using var file = await OpenAsync(user, "run.jsonl", ExportFiles.Utf8(text));
        var source = new ImportedRunSource(file, NullLogger.Instance);

        var step = await ShowAsync(source, user, "run_1");

        Assert.Equal(3000, step.State.HeadSeq);
        Assert.Equal(WatchPhase.Open, source.State.Phase);
    }

    [Fact]
    public async Task Source_RunThatIsNotInTheFile_IsNotFound()
    {
        var user = Person(Roles.Supervisor);
        using var file = await OpenAsync(user, "run.jsonl", ExportFiles.Golden("completed-run-completed"));
        var source = new ImportedRunSource(file, NullLogger.Instance);

        await source.OpenAsync(user, "run_of_somebody_else", _ => Task.CompletedTask, CancellationToken.None);

        Assert.Equal(WatchPhase.NotFound, source.State.Phase);
    }

    private RunImports Imports => server.Imports(_memory);

    private static UserInfo Person(string role)
    {
        var account = DemoAccounts.All.First(one => one.Role == role);
        return new UserInfo(account.UserId, account.DisplayName, "team_default", role, TimeZoneInfo.Utc);
    }

    private static async Task<TimelineStep> ShowAsync(ImportedRunSource source, UserInfo user, string runId)
    {
        TimelineStep? shown = null;
        await source.OpenAsync(
            user,
            runId,
            step =>
            {
                shown = step;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        return shown!;
    }

    private Task<ImportedFile> OpenAsync(UserInfo user, string name, byte[] file) =>
        Imports.OpenAsync(user, name, file.Length, () => new MemoryStream(file), _ => { }, CancellationToken.None);

    /// <summary>People in a real database.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private PeopleHost _host = null!;

        public async ValueTask InitializeAsync() => _host = await PeopleHost.StartDemoAsync();

        public ValueTask DisposeAsync() => _host.DisposeAsync();

        internal RunImports Imports(ImportMemory memory) => new(
            new SupervisorAccess(_host.Persons, _host.Services.GetRequiredService<AccessChanges>()),
            memory,
            Microsoft.Extensions.Options.Options.Create(new LimitOptions()),
            NullLogger<RunImports>.Instance);
    }
}
