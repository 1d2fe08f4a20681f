using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Runs;
using Copilot.Web.Security.Webhooks;
using Copilot.Web.Supervision.Alerts;
using Copilot.Web.Supervision.Help;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Alerts;

/// <summary>Alerts that are reported to another server, over real sockets.</summary>
public sealed class AlertWebhookTests
{
    private const string Secret = "a-secret-of-24-letters--";
    private const string User = "usr_demo_staff1";

    [Fact]
    public async Task Alert_AddressThatRefusesAtFirst_IsToldAgainSignedAndWithTheSameId()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await WholeHost.StartAsync(
            $"--Alerts:Webhooks:0:Url={receiver.Address}", $"--Alerts:Webhooks:0:Secret={Secret}", "--Alerts:AllowPrivateAddresses=true",
            "--Alerts:RetryDelay=00:00:00.050", "--DemoTools:Latency=00:00:00");
        var started = await host.App.Services.GetRequiredService<StartRun>().StartAsync(
            new StartRunRequest { Caller = new RunOwner(User, "team_default"), Input = "I want to talk to a real person.", Parent = new Copilot.Domain.Runs.RunParent.Latest() },
            CancellationToken.None,
            CancellationToken.None);

        var refused = await receiver.NextAsync();
        var accepted = await receiver.NextAsync();

        Assert.Equal(refused.Id, accepted.Id);
        Assert.Equal(refused.Body, accepted.Body);
        foreach (var call in new[] { refused, accepted })
        {
            var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{call.Id}.{call.Timestamp}.{call.Body}"));
            Assert.Equal("v1," + Convert.ToBase64String(signed), call.Signature);
        }

        using var body = JsonDocument.Parse(accepted.Body);
        Assert.Equal("alert.raised", body.RootElement.GetProperty("type").GetString());
        var alert = body.RootElement.GetProperty("alert");
        Assert.Equal(AlertEngine.HelpRequested, alert.GetProperty("kind").GetString());
        Assert.Equal(started.Run!.RunId, alert.GetProperty("run_id").GetString());

        // The request is accepted and closed: each is told.
        var help = host.App.Services.GetRequiredService<HelpRequests>();
        var request = help.Find(started.Run.RunId)!;
        Assert.True(request.IsByAgent);
        await help.AcceptAsync("usr_demo_supervisor1", request.Id, CancellationToken.None);
        Assert.Equal("alert.claimed", TypeOf(await receiver.NextAsync()));
    }

    [Fact]
    public async Task Send_ToThisMachineWhileThatIsClosed_ConnectsToNobody()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var sender = new WebhookSender(() => false, TimeProvider.System);

        foreach (var host in (string[])["127.0.0.1", "localhost", "[::1]"])
        {
            var url = new UriBuilder(receiver.Address) { Host = host }.Uri.ToString();
            await Assert.ThrowsAsync<HttpRequestException>(
                () => sender.SendAsync(new Webhook(url, Secret, "id", "{}"u8.ToArray()), TimeSpan.FromSeconds(20), CancellationToken.None));
        }

        Assert.Equal(0, receiver.Count);
    }

    private static string? TypeOf(WebhookCall call)
    {
        using var body = JsonDocument.Parse(call.Body);
        return body.RootElement.GetProperty("type").GetString();
    }
}
