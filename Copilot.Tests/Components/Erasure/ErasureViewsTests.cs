using Bunit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components;
using Copilot.Web.Components.Admin;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Copilot.Tests.Components.Request;

/// <summary>Views that follow the forgetting, over a real database of which a read fails.</summary>
public sealed class ErasureViewsTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan s_soon = Waiting.Limit;
    private static readonly UserInfo s_user = new("usr_1", "Una", "team_default", "Admin", TimeZoneInfo.Utc);
    private readonly ManualClock _clock = new();
    private readonly ScriptedAccess _access = new();
    private TestDatabase _database = null!;
    private ErasureService _people = null!;
    private readonly ErasureChanges _changes = new();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _people = new ErasureService(_database.Services.GetRequiredService<IErasureStore>(), _access, _changes, _clock);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddSingleton(_people);
        Services.AddSingleton(new PersonNames(_database.Contexts));
        Services.AddOptions<RetentionOptions>();
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        _access.Allows = (_, _, _) => true;
        var log = new RunEvents("run_1").Created("ses_1", s_user.Id);
        log.Own(RunEventTypes.UserMessage, """{"text":"Hello"}""");
        log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1}""");
        await _database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        _access.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task DeletionNotice_ReadFails_RefreshesAndContinues()
    {
        BreakReads();
        var notice = Render<DeletionNotice>(with => with.AddCascadingValue(s_user).Add(one => one.SessionId, "ses_1"));

        await GoOnAsync();
        await _people.RequestAsync(s_user.Id, "ses_1", delete: false, CancellationToken.None);

        notice.WaitForAssertion(
            () => Assert.Contains(ErasureText.BeingDeleted, notice.Find("[role=status]").TextContent, StringComparison.Ordinal), s_soon);
    }

    [Fact]
    public async Task DataDeletionPage_ReadsFailTwice_RefreshesAndContinues()
    {
        BreakReads();
        var page = Render<DataDeletionPage>(with => with.AddCascadingValue(s_user));
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        await GoOnAsync(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains(ErasureText.Empty, page.Markup, StringComparison.Ordinal), s_soon);
        await _people.RequestAsync(s_user.Id, "ses_1", delete: false, CancellationToken.None);

        page.WaitForAssertion(() => Assert.Equal("ses_1", page.Find("code.id").TextContent), s_soon);
    }

    [Fact]
    public async Task DataDeletionPage_OneRequestChanges_ShowsItAndRemovesWhatWasWithdrawn()
    {
        var page = Render<DataDeletionPage>(with => with.AddCascadingValue(s_user));
        page.WaitForAssertion(() => Assert.Contains(ErasureText.Empty, page.Markup, StringComparison.Ordinal), s_soon);
        var request = await _people.RequestAsync(s_user.Id, "ses_1", delete: false, CancellationToken.None);
        page.WaitForAssertion(() => Assert.Equal("ses_1", page.Find("code.id").TextContent), s_soon);
        var store = _database.Services.GetRequiredService<IErasureStore>();

        var troubled = request! with { Problem = ErasureProblems.RunActive };
        await store.SaveAsync(troubled, CancellationToken.None);
        _changes.Publish(troubled);
        page.WaitForAssertion(
            () => Assert.Equal(ErasureProblems.RunActive, page.Find(".forgetting-state").GetAttribute("title")), s_soon);

        await store.WithdrawAsync(request.Id, CancellationToken.None);
        _changes.Publish(troubled);
        page.WaitForAssertion(() => Assert.Contains(ErasureText.Empty, page.Markup, StringComparison.Ordinal), s_soon);
    }

    private void BreakReads() => _access.Allows = (_, _, _) => throw new SqliteException("disk I/O error", 10);

    private Task GoOnAsync() => GoOnAsync(TimeSpan.FromMilliseconds(500));

    private async Task GoOnAsync(TimeSpan wait)
    {
        await _clock.WhenTimersArmedAsync(1);
        _access.Allows = (_, _, _) => true;
        _clock.Advance(wait);
    }
}
