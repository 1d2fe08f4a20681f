using Bunit;
using Copilot.Domain.Replay.Clock;
using Copilot.Tests.Components.Access;
using Copilot.Tests.Storage;
using Copilot.Web.Components.RunScreen.Comments;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Storage.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.RunScreen;

/// <summary>The comments beside a run, in front of the product's own services and a real database.</summary>
public sealed class CommentPanelTests : AccessPagesScene
{
    private const string Run = "run_a1";

    [Fact]
    public async Task Write_LooksElsewhereMeanwhile_FindsTheWordsAgain()
    {
        var marker = await AddRunAsync("Why this one?");
        var panel = RenderPanel();
        await BeginAsync(panel);
        await panel.InvokeAsync(() => panel.Find("textarea").InputAsync(new ChangeEventArgs { Value = "Half a thought" }));

        // Another part of the page, and another moment.
        panel.Render(part => part.Add(one => one.IsShown, false));
        Assert.Empty(panel.FindAll("textarea"));
        panel.Render(part => part.Add(one => one.IsShown, true));
        Assert.Equal("Half a thought", Written(panel));
        panel.Render(part => part.Add(one => one.Seq, 3));
        await panel.InvokeAsync(panel.Instance.BeginAsync);
        Assert.Equal(CommentsText.NewAt(CommentsText.Moment(at: null, 3)), panel.Find("label").TextContent);
        Assert.Equal("Half a thought", Written(panel));

        // An answer in between, which is dropped later.
        await PressAsync(panel, CommentsText.Reply);
        Assert.Equal("", Written(panel));
        await panel.InvokeAsync(() => panel.Find("textarea").InputAsync(new ChangeEventArgs { Value = "An answer" }));
        await BeginAsync(panel);
        Assert.Equal("Half a thought", Written(panel));
        await panel.InvokeAsync(() => panel.Find("form").SubmitAsync());
        panel.WaitForAssertion(() => Assert.Empty(panel.FindAll("form")), s_soon);
        await PressAsync(panel, CommentsText.Reply);
        Assert.Equal("An answer", Written(panel));
        await panel.InvokeAsync(() => panel.Find("[data-comment-cancel]").ClickAsync(new()));
        await PressAsync(panel, CommentsText.Reply);
        Assert.Equal("", Written(panel));

        var threads = (await Comments.ReadAsync(_adminId, Run, CancellationToken.None))!;
        Assert.Equal(["Why this one?", "Half a thought"], threads.Select(thread => thread.Marker.Text));
        Assert.Equal([2L, 3L], threads.Select(thread => thread.Seq));
        Assert.Empty(threads.First(thread => thread.Marker.Id == marker).Replies);
    }

    [Fact]
    public async Task Write_StorageIsAway_SaysSoAndKeepsTheWordsUntilItIsBack()
    {
        await AddRunAsync("Look, @ada");
        var panel = RenderPanel(isShown: false);
        _reads.IsBroken = true;

        // It cannot be noted that she has read it, nor who could be mentioned.
        panel.Render(part => part.Add(one => one.IsShown, true));
        await BeginAsync(panel);
        await panel.InvokeAsync(() => panel.Find("textarea").InputAsync(new ChangeEventArgs { Value = "It is sold out." }));
        await panel.InvokeAsync(() => panel.Find("form").SubmitAsync());
        panel.WaitForAssertion(() => Assert.Equal(CommentText.NotSaved, panel.Find("[role=alert]").TextContent), s_soon);
        Assert.Equal("It is sold out.", Written(panel));
        Assert.False(Renderer.UnhandledException.IsCompleted);

        _reads.IsBroken = false;
        await panel.InvokeAsync(() => panel.Find("form").SubmitAsync());
        panel.WaitForAssertion(() => Assert.Empty(panel.FindAll("form")), s_soon);
        Assert.Equal(2, (await Comments.ReadAsync(_adminId, Run, CancellationToken.None))!.Count);
    }

    private protected override void Register()
    {
        Share<CommentChanges>();
        Services.AddSingleton(ActivatorUtilities.CreateInstance<RunComments>(_host.Services, _reads));
        Services.AddSingleton(ActivatorUtilities.CreateInstance<Mentions>(_host.Services, _reads));
    }

    private RunComments Comments => _host.Services.GetRequiredService<RunComments>();

    private static string? Written(IRenderedComponent<CommentPanel> panel) => panel.Find("textarea").GetAttribute("value");

    private static Task BeginAsync(IRenderedComponent<CommentPanel> panel) => PressAsync(panel, CommentsText.SetMarker);

    private static async Task PressAsync(IRenderedComponent<CommentPanel> panel, string text)
    {
        await panel.InvokeAsync(() => Button(panel, text).ClickAsync(new()));
        panel.WaitForElement("textarea", s_soon);
    }

    /// <summary>A run of sam's with three events and a comment of his at the second; gives its id.</summary>
    private async Task<string> AddRunAsync(string comment)
    {
        var run = new FakeRun("a1");
        run.Summary = run.Summary with { UserId = _samId };
        var store = _host.Services.GetRequiredService<EfRunEventStore>();
        await store.AppendAsync([run.Created("Where is the pump?")], CancellationToken.None);
        await store.AppendAsync([run.Completed("Done")], CancellationToken.None);
        var change = await Comments.AddAsync(new ChangedBy(_samId, "sam", "192.0.2.7"), Run, 2, comment, clientId: null, CancellationToken.None);
        Assert.True(change.Result.Accepted, change.Result.Problem);
        return change.CommentId!;
    }

    private IRenderedComponent<CommentPanel> RenderPanel(bool isShown = true)
    {
        var loaded = false;
        var panel = Render<CommentPanel>(part => part
            .Add(one => one.RunId, Run)
            .Add(one => one.User, User(_adminId, Roles.Admin))
            .Add(one => one.Seq, 2)
            .Add(one => one.Times, EventTimes.Empty)
            .Add(one => one.IsShown, isShown)
            .Add(one => one.Link, seq => $"/runs/{Run}?seq={seq}")
            .Add(one => one.OnChanged, _ => loaded = true));
        panel.WaitForAssertion(() => Assert.True(loaded), s_soon);
        return panel;
    }
}
