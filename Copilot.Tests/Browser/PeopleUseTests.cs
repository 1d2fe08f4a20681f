using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared.Hosts;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.Layout;
using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>People and keys as an admin and an invited person meet them, in two browsers, and by command while the server runs.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PeopleUseTests(BrowserFixture fixture) : IAsyncLifetime
{
    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task Invited_AcceptsAndSignsIn_AndIsSentAwayWhenLocked(int width, int height)
    {
        await using var first = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        var admin = await ChatDriver.OpenAsync(first);
        await admin.SignInAsync(_app.Address, "admin");
        await GoToPeopleAsync(admin);
        var link = await InviteAsync(admin, "Bea Smith");

        var guest = await ChatDriver.OpenAsync(second);
        await guest.Page.GotoAsync(link);
        await guest.SeeAsync(AccountText.Invited("Bea Smith"));
        await guest.Page.CheckWidthAsync(guest.Page.Url);
        await guest.Page.GetByLabel(AccountText.UserName).FillAsync("bea");
        await guest.Page.GetByLabel(AccountText.Password, new() { Exact = false }).First.FillAsync(PeopleHost.Password);
        await guest.Page.GetByLabel(AccountText.PasswordAgain).FillAsync(PeopleHost.Password);
        await guest.Page.GetByRole(AriaRole.Button, new() { Name = AccountText.CreateAccount }).ClickAsync();
        await Expect(guest.Message).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });

        // The link works once.
        await using var third = await fixture.Browser.NewContextAsync();
        var late = await ChatDriver.OpenAsync(third);
        await late.Page.GotoAsync(link);
        await late.SeeAsync(AccountText.InvitationUsed);

        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Bea Smith" }).ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Name = "Bea Smith" })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await admin.Page.CheckWidthAsync(admin.Page.Url);
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.Lock, Exact = true }).ClickAsync();
        var dialog = admin.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = AccessText.Cancel })).ToBeFocusedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = AccessText.Lock, Exact = true }).ClickAsync();
        await admin.SeeAsync(AccessText.State(Copilot.Web.Identity.Administration.PersonState.Locked));

        await Expect(guest.Page).ToHaveURLAsync(new Regex("/signin"), new() { Timeout = ChatDriver.Timeout });
        await guest.Page.GetByLabel(AccountText.UserName).FillAsync("bea");
        await guest.Page.GetByLabel(AccountText.Password).FillAsync(PeopleHost.Password);
        await guest.Page.GetByRole(AriaRole.Button, new() { Name = AccountText.SignIn, Exact = true }).ClickAsync();
        await Expect(guest.Page.Locator(".problem")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(admin.Complaints);
        Assert.Empty(guest.Complaints);
        Assert.DoesNotContain(_app.Log, line => line.Contains(new Uri(link).Query["?token=".Length..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_SignsOutARunningServersPerson_AndTheirPageLeaves()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var chat = await ChatDriver.OpenAsync(context);
        await chat.SignInAsync(_app.Address, "staff");

        await CommandAsync("people", "sign-out", "staff1");

        await Expect(chat.Page).ToHaveURLAsync(new Regex("/signin"), new() { Timeout = ChatDriver.Timeout });
    }

    [Fact]
    public async Task Key_MadeByKeyboardAlone_WorksUntilItIsRevoked()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1200, Height = 800 } });
        var chat = await ChatDriver.OpenAsync(context);
        await chat.SignInAsync(_app.Address, "staff");
        // The box takes the focus when the page has come.
        await Expect(chat.Message).ToBeFocusedAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.Account("Staff 1") }).FocusAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.ChangeTheme })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = AccessText.Keys })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        var newKey = chat.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.NewKey, Exact = true });
        await newKey.FocusAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        var dialog = chat.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel(AccessText.KeyName)).ToBeFocusedAsync();
        await chat.Page.Keyboard.TypeAsync("n8n");
        await chat.Page.Keyboard.PressAsync("Enter");
        var box = dialog.GetByLabel(AccessText.KeyTitle);
        await Expect(box).ToBeFocusedAsync();
        // What is shown once does not leave by a key that was pressed too much.
        await chat.Page.Keyboard.PressAsync("Escape");
        var key = await box.InputValueAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = AccessText.Done }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await chat.SeeAsync("n8n");

        using var client = new HttpClient { BaseAddress = _app.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var works = await client.GetAsync("/api/runs/run_none");
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.About(AccessText.Revoke, "n8n") }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = AccessText.Revoke, Exact = true }).ClickAsync();
        await Expect(chat.Page.GetByText("n8n", new() { Exact = true })).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        using var refused = await client.GetAsync("/api/runs/run_none");

        // The row is gone with the button that had the focus; who uses the keyboard goes on from beside it.
        await chat.Page.WaitForFunctionAsync("document.activeElement !== document.body");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, works.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Empty(chat.Complaints);
    }

    private static async Task GoToPeopleAsync(ChatDriver admin)
    {
        var history = admin.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.OpenHistory });
        if (await history.IsVisibleAsync())
        {
            await history.ClickAsync();
        }

        await admin.Page.GetByRole(AriaRole.Link, new() { Name = AccessText.People, Exact = true }).ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Link, new() { Name = "Staff 1" })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await admin.Page.CheckWidthAsync(admin.Page.Url);
    }

    private static async Task<string> InviteAsync(ChatDriver admin, string name)
    {
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.Invite, Exact = true }).ClickAsync();
        var dialog = admin.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel(AccessText.Name, new() { Exact = true }).FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = AccessText.CreateLink }).ClickAsync();
        var link = await dialog.GetByLabel(AccessText.LinkTitle).InputValueAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = AccessText.Done }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        return link;
    }

    // A process of its own, as a script runs it.
    private async Task CommandAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = _app.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Copilot.Web.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().Soon("the command ends");
        await process.WaitForExitAsync().Soon("the command is over");
        Assert.True(process.ExitCode == 0, output + await process.StandardError.ReadToEndAsync());
    }
}
