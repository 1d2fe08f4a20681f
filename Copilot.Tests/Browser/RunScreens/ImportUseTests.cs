using System.Text.RegularExpressions;
using Copilot.Domain.Replay.Export;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Export;
using Copilot.Web.Components.RunScreen.Import;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Files;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions.Importing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>A run of a file on the screen of every run: played, marked as what it is, and gone with the page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ImportUseTests(BrowserFixture fixture, QuickApp server)
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Import_FilesOfAllKinds_AreShownReadOnlyOrRefusedWithWhatToDo()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var supervisor = await ChatDriver.OpenAsync(context);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        var page = supervisor.Page;
        await page.GotoAsync(new Uri(_app.Address, "/runs").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = ImportText.OpenFile }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ImportText.OpenFile })).ToBeVisibleAsync();
        await page.CheckLookInBothThemesAsync("import");

        // What is no export says so, and what to do; a name is only a name.
        await GiveAsync(page, "<img src=x onerror=alert(1)>.jsonl", "hello"u8.ToArray());
        await Expect(page.Locator(".import-start [role=alert]")).ToContainTextAsync(ImportText.WhatToDo);
        await Expect(page.Locator(".import-start [role=alert]")).ToContainTextAsync("<img src=x onerror=alert(1)>.jsonl");
        await page.CheckLookInBothThemesAsync("import refused");
        await GiveAsync(page, "run.jsonl.gz", [0x1F, 0x8B, 8, 0]);
        await Expect(page.Locator(".import-start [role=alert]")).ToContainTextAsync(ImportText.OtherKind);

        // A run with an approval and an intervention, opened with the keyboard.
        var log = GoldenLog.Read("completed-supervised");
        var chooser = await page.RunAndWaitForFileChooserAsync(async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = ImportText.OpenFile }).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        });
        await chooser.SetFilesAsync(FileOf("supervised.jsonl", RunExport.Of([log.Runs[^1]], clip: null, Redaction.None).ToUtf8().ToArray()));
        var notice = page.Locator(".import-notice");
        await Expect(notice).ToContainTextAsync(ImportText.NotRecorded);
        await Expect(notice).ToHaveAttributeAsync("data-check", "verified");
        var head = log.Runs[^1].Count;
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(RunScreenText.Place(head, head));
        await Expect(page.Locator(".run-talk article.turn")).ToHaveAttributeAsync("data-status", "completed");

        // The player plays it; nothing can be done about it.
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeEnabledAsync(new() { Timeout = ChatDriver.Timeout });
        await page.GetByRole(AriaRole.Slider, new() { Name = PlayerText.Position }).PressAsync("0");
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(new Regex("^[12] / "));
        await page.Keyboard.PressAsync(".");
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/import\?seq=[23]$"));
        await page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.Speed }).SelectOptionAsync("64");
        await page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true }).ClickAsync();
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(RunScreenText.Place(head, head), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeVisibleAsync();
        await page.Locator("tr.raw-row[data-seq]").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = RunScreenText.CopyPayload })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = RunScreenText.CopyLink })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ExportText.Export, Exact = true })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Say), Exact = true })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = RunScreenText.OpenConversation })).ToHaveCountAsync(0);
        await page.CheckLookInBothThemesAsync("imported run");
        await page.SetViewportSizeAsync(390, 844);
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = RunScreenText.Lanes })).ToBeVisibleAsync();
        await page.CheckLookInBothThemesAsync("imported run");
        await page.SetViewportSizeAsync(1440, 900);

        // Nothing of it was stored, and nothing of it is left.
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ImportText.OpenFile })).ToBeVisibleAsync();
        Assert.Empty(supervisor.Complaints);
        await page.GotoAsync(new Uri(_app.Address, $"/runs/{log.Runs[^1][0].RunId}").ToString());
        await Expect(page.GetByText(ShellText.NotFoundTitle)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Import_OfAConversation_ListsItsRunsAndSaysWhatIsBroken()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var admin = await ChatDriver.OpenAsync(context);
        await admin.SignInAsync(_app.Address, "admin");
        var page = admin.Page;
        await page.GotoAsync(new Uri(_app.Address, "/runs/import").ToString());
        var log = GoldenLog.Read("completed-follow-up-approval-approved-transport-queued");
        var text = System.Text.Encoding.UTF8.GetString(RunExport.Of(log.Runs, clip: null, Redaction.None).ToUtf8().Span);
        var last = text.LastIndexOf("run.started", StringComparison.Ordinal);
        await GiveAsync(page, "conversation.jsonl", System.Text.Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, last), "run.Started", text.AsSpan(last + 11))));

        var runs = page.GetByRole(AriaRole.List, new() { Name = ImportText.AllRuns });
        await Expect(runs.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(log.Runs.Count);
        await page.CheckLookInBothThemesAsync("imported conversation");
        await Expect(runs.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("Verified");
        await runs.GetByRole(AriaRole.Link).Last.ClickAsync();
        await Expect(page.Locator(".import-notice")).ToContainTextAsync(new Regex(@"Broken at event \d+\."));
        await Expect(page.Locator(".run-page")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = ImportText.AllRuns }).ClickAsync();
        await Expect(runs).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = ImportText.Close }).ClickAsync();
        await Expect(runs).ToHaveCountAsync(0);
        Assert.Empty(admin.Complaints);
    }

    [Fact]
    public async Task Import_OfALargeFile_SaysHowFarItIs_AndCancelLeavesNothing()
    {
        await using var host = await WholeHost.StartAsync();
        var room = host.App.Services.GetRequiredService<ImportMemory>();
        await using var context = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var supervisor = await ChatDriver.OpenAsync(context);
        var page = supervisor.Page;
        var upload = await HeldUpload.RouteAsync(page);
        await supervisor.SignInAsync(host.Address, "supervisor");
        await page.GotoAsync(new Uri(host.Address, "/runs/import").ToString());
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ImportText.OpenFile })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        var file = LargeFile();

        upload.HoldAfter(4);
        await GiveAsync(page, "large.jsonl", file);
        await page.WaitForFunctionAsync("() => document.querySelector('.import-progress progress')?.value > 0", null, new() { Timeout = ChatDriver.Timeout });
        await Expect(page.GetByRole(AriaRole.Status, new() { Name = ImportText.Reading })).ToContainTextAsync(FileSize.Format(file.Length));
        Assert.Equal(file.Length, room.Taken);
        await page.CheckLookInBothThemesAsync("import reading");
        await page.GetByRole(AriaRole.Button, new() { Name = ImportText.Cancel, Exact = true }).ClickAsync();
        await Expect(page.Locator(".import-start [role=alert]")).ToContainTextAsync(ImportText.Cancelled, new() { Timeout = ChatDriver.Timeout });
        Assert.Equal(0, room.Taken);
        upload.Release();

        // It can be opened all the same, and goes with a press.
        await GiveAsync(page, "large.jsonl", file);
        await Expect(page.Locator(".run-page")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Equal(file.Length, room.Taken);
        await page.GetByRole(AriaRole.Button, new() { Name = ImportText.Close }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ImportText.OpenFile })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Equal(0, room.Taken);
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Import_ByStaff_IsNotFound()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var staff = await ChatDriver.OpenAsync(context);
        await staff.SignInAsync(_app.Address, "staff");

        var answer = await staff.Page.GotoAsync(new Uri(_app.Address, "/runs/import").ToString());

        Assert.Equal(404, answer!.Status);
        await Expect(staff.Page.GetByText(ShellText.NotFoundTitle)).ToBeVisibleAsync();
        await Expect(staff.Page.Locator("[data-import-input]")).ToHaveCountAsync(0);
    }

    /// <summary>A run whose answer came in many pieces.</summary>
    private static byte[] LargeFile()
    {
        var pieces = Enumerable.Range(0, 2_000).Select(number => $"word {number} ").ToArray();
        var log = new RunLogBuilder().Begin("Write a lot").Send(1, "resp_1").Message(0, "msg_1", null, pieces).Complete("resp_1").End();
        return RunExport.Of([log.Events], clip: null, Redaction.None).ToUtf8().ToArray();
    }

    /// <summary>Gives a file as a person can: once the page takes one.</summary>
    private static async Task GiveAsync(IPage page, string name, byte[] file)
    {
        await Expect(page.Locator("[data-import-pick]")).ToBeEnabledAsync(new() { Timeout = ChatDriver.Timeout });
        await page.Locator("[data-import-input]").SetInputFilesAsync(FileOf(name, file));
    }

    private static FilePayload FileOf(string name, byte[] file) => new() { Name = name, MimeType = "application/jsonl", Buffer = file };
}
