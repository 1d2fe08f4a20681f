using Copilot.Tests.Browser.Driving;
using System.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Files;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Files from a person's hand to the model and back, in a real browser.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class FilesTests(BrowserFixture fixture) : BrowserScene(fixture)
{
    private AppProcess _app = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=0", "Files:MaxBytes=100000", "Files:MaxPerMessage=4", "Files:MaxUnused=4"));
    }

    [Fact]
    public async Task Files_PickedDroppedAndPasted_SurviveAReloadAndReachTheModel()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await PickAsync(chat, Png("pump.png"), Csv("stock.csv"));
        await DropAsync(chat, "dropped.txt", "text/plain", "leaks at night");
        await PasteAsync(chat, "pasted.md", "text/markdown", "# Pasted");
        await Expect(Chips(chat, "done")).ToHaveCountAsync(4);

        await chat.Page.ReloadAsync();
        await Expect(Chips(chat, "done")).ToHaveCountAsync(4);
        await Expect(chat.Send).ToBeEnabledAsync();
        await chat.AskAsync("");

        await chat.SeeStatusAsync("completed");
        await chat.SeeAsync("I received 4 files:");
        await chat.SeeAsync("3 × 2 pixels");
        await chat.SeeAsync("leaks at night");
        await Expect(chat.Page.Locator(".composer .file-chip")).ToHaveCountAsync(0);
        await Expect(Attached(chat)).ToHaveCountAsync(4);
        Assert.Equal(3, await chat.Page.EvaluateAsync<int>(
            "async () => { const image = document.querySelector('.message-image img'); await image.decode(); return image.naturalWidth; }"));
        var download = await chat.Page.RunAndWaitForDownloadAsync(() => Attached(chat).Filter(new() { HasText = "stock.csv" }).ClickAsync());
        Assert.Equal("stock.csv", download.SuggestedFilename);
        Assert.Equal("part;count\npump;3", await File.ReadAllTextAsync((await download.PathAsync())!));

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.TryAgain }).ClickAsync();
        await Expect(chat.Page.GetByLabel(ChatText.AnswerVersion(2, 2))).ToBeVisibleAsync();
        await chat.SeeStatusAsync("completed");
        await Expect(Attached(chat)).ToHaveCountAsync(4);

        await chat.Page.Locator(".asked").HoverAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.EditQuestion }).ClickAsync();
        await chat.Page.Locator(".message-editor").GetByRole(AriaRole.Button, new() { Name = FileText.RemoveFile("pump.png") }).ClickAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.AskAgain }).ClickAsync();
        await Expect(chat.Page.GetByLabel(ChatText.Version(2, 2))).ToBeVisibleAsync();
        await chat.SeeAsync("I received 3 files:");
        await Expect(Attached(chat)).ToHaveCountAsync(3);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Files_ThatCannotBeSent_SaySoAndHoldTheMessageBack()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await PickAsync(chat, new FilePayload { Name = "big.bin", MimeType = "application/octet-stream", Buffer = new byte[100_001] });
        await Expect(Chips(chat, "refused")).ToContainTextAsync(FileText.TooLargeShort(100_000));
        await PickAsync(chat, Csv("1.csv"), Csv("2.csv"), Csv("3.csv"), Csv("4.csv"));
        await Expect(Chips(chat, "done")).ToHaveCountAsync(3);
        await Expect(Problem(chat)).ToHaveTextAsync(FileText.TooManyDropped(4).Replace("{count}", "1", StringComparison.Ordinal));

        await chat.Message.FillAsync("Read them");
        await chat.Message.PressAsync("Enter");
        await Expect(Problem(chat)).ToHaveTextAsync(ComposerText.FileProblem);
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = FileText.RemoveFile("big.bin") }).ClickAsync();
        await Expect(Problem(chat)).ToBeHiddenAsync();
        await chat.Message.PressAsync("Enter");

        await chat.SeeAsync("I received 3 files:");
    }

    [Fact]
    public async Task Upload_ThatFails_IsRetriedByHandAndMissedAfterAReload()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.Page.RouteAsync("**/files?name=*", route => route.AbortAsync());
        await chat.Message.FillAsync("Read it");
        await PickAsync(chat, Csv("stock.csv"));
        await Expect(Chips(chat, "failed")).ToContainTextAsync(FileText.UploadFailed);
        await chat.Page.ReloadAsync();
        await Expect(Problem(chat)).ToHaveTextAsync(ComposerText.FilesUnfinished.Replace("{names}", "stock.csv", StringComparison.Ordinal), new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Message).ToHaveValueAsync("Read it");
        await PickAsync(chat, Csv("stock.csv"));
        await Expect(Chips(chat, "failed")).ToHaveCountAsync(1);

        await chat.Page.UnrouteAllAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = FileText.RetryNamed.Replace("{name}", "stock.csv", StringComparison.Ordinal) }).ClickAsync();

        await Expect(Chips(chat, "done")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("text/html", "<html><h1>413 Request Entity Too Large</h1><hr>nginx</html>")]
    [InlineData("text/plain", "")]
    public async Task Upload_ThatTheProxyRefuses_SaysThatItIsTooLargeForIt(string type, string body)
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.Page.RouteAsync("**/files?name=*", route => route.FulfillAsync(new() { Status = 413, ContentType = type, Body = body }));

        await PickAsync(chat, Png("pump.png"));

        await Expect(chat.Page.Locator(".composer .file-chip")).ToContainTextAsync(FileText.TooLargeForProxy, new() { Timeout = ChatDriver.Timeout });
    }

    [Fact]
    public async Task Upload_WhileTooManyWaitForAMessage_SaysSoUntilThereIsRoom()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        var left = await chat.Page.EvaluateAsync<string[]>(
            "() => Promise.all([1, 2, 3, 4].map(async n => (await (await fetch(`/files?name=${n}`, { method: 'POST', body: 'x' })).json()).id))");

        await PickAsync(chat, Csv("stock.csv"));
        await Expect(Chips(chat, "failed")).ToContainTextAsync(FileText.TooManyUnused(4));
        // The sentence has room: it is no tower of words.
        Assert.InRange((await Chips(chat, "failed").BoundingBoxAsync())!.Height, 52, 100);

        await chat.Page.EvaluateAsync("id => fetch(`/files/${id}`, { method: 'DELETE' })", left[0]);
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = FileText.RetryNamed.Replace("{name}", "stock.csv", StringComparison.Ordinal) }).ClickAsync();
        await Expect(Chips(chat, "done")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Send_WhileAFileUploads_WaitsForIt()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await chat.Page.RouteAsync("**/files?name=*", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        await PickAsync(chat, Csv("stock.csv"));
        await Expect(Chips(chat, "uploading")).ToHaveCountAsync(1);
        await chat.Message.FillAsync("Read it");
        await chat.Message.PressAsync("Enter");
        await Expect(Problem(chat)).ToHaveTextAsync(ComposerText.WaitingForFiles);

        release.SetResult();

        await chat.SeeAsync("I received one file:");
        await Expect(Attached(chat)).ToHaveCountAsync(1);
    }

    private static FilePayload Png(string name) => new() { Name = name, MimeType = "image/png", Buffer = TestFiles.Png };

    private static FilePayload Csv(string name) => new() { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("part;count\npump;3") };

    private static ILocator Chips(ChatDriver chat, string state) => chat.Page.Locator($".composer .file-chip[data-state={state}]");

    private static ILocator Attached(ChatDriver chat) => chat.Page.Locator(".asked .message-files a");

    private static ILocator Problem(ChatDriver chat) => chat.Page.Locator(".composer [data-problem]");

    private static async Task PickAsync(ChatDriver chat, params FilePayload[] files)
    {
        var chooser = await chat.Page.RunAndWaitForFileChooserAsync(
            () => chat.Page.GetByRole(AriaRole.Button, new() { Name = ComposerText.AttachFiles }).ClickAsync());
        await chooser.SetFilesAsync(files);
    }

    private static async Task DropAsync(ChatDriver chat, string name, string type, string content)
    {
        await using var carried = await CarriedAsync(chat, name, type, content);
        await chat.Page.DispatchEventAsync(".scroller", "dragenter", new { dataTransfer = carried });
        await Expect(chat.Page.Locator(".chat.dropping")).ToBeVisibleAsync();
        await chat.Page.DispatchEventAsync(".scroller", "drop", new { dataTransfer = carried });
        await Expect(chat.Page.Locator(".chat.dropping")).ToHaveCountAsync(0);
    }

    private static async Task PasteAsync(ChatDriver chat, string name, string type, string content)
    {
        await using var carried = await CarriedAsync(chat, name, type, content);
        await chat.Message.EvaluateAsync(
            "(box, data) => box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))", carried);
    }

    private static Task<IJSHandle> CarriedAsync(ChatDriver chat, string name, string type, string content) => chat.Page.EvaluateHandleAsync(
        "([name, type, content]) => { const data = new DataTransfer(); data.items.add(new File([content], name, { type })); return data; }",
        new[] { name, type, content });
}
