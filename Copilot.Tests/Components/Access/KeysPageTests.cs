using Bunit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Access;

/// <summary>The page of the API keys, and sign-ins as they are shown.</summary>
public sealed class KeysPageTests : AccessPagesScene
{
    [Fact]
    public async Task KeysPage_NewKey_IsShownOnceAndListedWithItsScopes()
    {
        SignIn(_samId, "sam");
        var page = Render<KeysPage>(with => with.AddCascadingValue(User(_samId, Roles.Staff)));
        page.WaitForAssertion(() => Assert.Contains(AccessText.NoKeysTitle, page.Markup, StringComparison.Ordinal), s_soon);

        var creating = page.InvokeAsync(() => Button(page, AccessText.NewKey).Click());
        _dialogs.WaitForElement("form", s_soon);
        _dialogs.Find("form input").Change("n8n");
        // Without runs:write, and with files:read.
        _dialogs.FindAll("input[type=checkbox]")[1].Change(false);
        _dialogs.FindAll("input[type=checkbox]")[2].Change(true);
        await _dialogs.Find("form").SubmitAsync();
        _dialogs.WaitForElement(".secret input", s_soon);
        var key = _dialogs.Find(".secret input").GetAttribute("value")!;
        Button(_dialogs, AccessText.Done).Click();
        await creating.Soon("the dialog is closed");

        page.WaitForAssertion(() => Assert.Contains("n8n", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.DoesNotContain(key, page.Markup, StringComparison.Ordinal);
        var caller = await _host.Services.GetRequiredService<ApiKeys>().AuthenticateAsync(key, CancellationToken.None);
        Assert.Equal(_samId, caller!.User.Id);
        Assert.Equal([ApiScopes.RunsRead, ApiScopes.FilesRead], caller.Scopes);
    }

    [Fact]
    public void NewKeyDialog_NoScope_IsRefusedInASentence()
    {
        SignIn(_samId, "sam");
        var page = Render<KeysPage>(with => with.AddCascadingValue(User(_samId, Roles.Staff)));
        page.WaitForAssertion(() => Button(page, AccessText.NewKey), s_soon);
        Button(page, AccessText.NewKey).Click();
        _dialogs.WaitForElement("form", s_soon);
        _dialogs.Find("form input").Change("n8n");
        _dialogs.FindAll("input[type=checkbox]")[0].Change(false);
        _dialogs.FindAll("input[type=checkbox]")[1].Change(false);

        _dialogs.Find("form").Submit();

        _dialogs.WaitForAssertion(() => Assert.Equal(AdministrationText.ScopesMissing, _dialogs.Find("[role=alert]").TextContent), s_soon);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1", "Safari on iPhone")]
    [InlineData("curl/8.0", AccessText.UnknownBrowser)]
    [InlineData(null, AccessText.UnknownBrowser)]
    public void Browser_WhatItCallsItself_IsSaidInAFewWords(string? agent, string expected) => Assert.Equal(expected, AccessText.Browser(agent));
}
