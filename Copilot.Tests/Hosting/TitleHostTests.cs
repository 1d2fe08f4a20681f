using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Runs;
using Copilot.Web.Sessions.Conversations;
using Copilot.Web.Storage.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Hosting;

/// <summary>Titles by the model, with the whole product and the demo model.</summary>
public sealed class TitleHostTests
{
    private const string User = "usr_demo_staff1";

    [Fact]
    public async Task FirstAnswer_OfANewConversation_GetsATitleByTheModel()
    {
        await using var host = await WholeHost.StartAsync("--Display:TitlesByModel=true", "--DemoTools:Latency=00:00:00");
        var sessions = host.App.Services.GetRequiredService<SessionStore>();
        var changed = new AsyncSignal();
        using var watch = host.App.Services.GetRequiredService<ConversationChanges>().Watch(User, changed);
        var titled = changed.Next;
        await using var scope = host.App.Services.CreateAsyncScope();

        var started = await scope.ServiceProvider.GetRequiredService<StartRun>().StartAsync(
            new StartRunRequest
            {
                Caller = new RunOwner(User, "team_default"),
                Input = "Please show me which cooling pumps we have in stock. It is urgent.",
                Parent = new RunParent.Latest(),
            },
            CancellationToken.None,
            CancellationToken.None);
        await titled.Soon("the title is there");

        var session = await sessions.FindAsync(started.Run!.SessionId, CancellationToken.None);
        Assert.Equal("Cooling pumps in stock", session?.Title);
        Assert.False(await sessions.NeedsTitleAsync(session!.Id, CancellationToken.None));
    }
}
