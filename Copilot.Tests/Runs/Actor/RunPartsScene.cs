using System.Threading.Channels;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Runs.Actor;

/// <summary>
/// The parts that get a run its responses, each by itself: put together as in the product, over a real database and a scripted
/// upstream, with a mailbox and without the loop of a run. The run has its first message and nothing else.
/// </summary>
internal sealed class RunPartsScene : IRunMailbox, IAsyncDisposable
{
    public const string RunId = "run_1";
    private readonly Channel<RunMessage> _messages = Channel.CreateUnbounded<RunMessage>();
    private readonly AsyncServiceScope _scope;

    private RunPartsScene(ScriptedUpstream upstream, RunHost host)
    {
        Upstream = upstream;
        Host = host;
        _scope = host.Database.Services.CreateAsyncScope();
        var services = _scope.ServiceProvider;
        var time = services.GetRequiredService<TimeProvider>();
        var options = services.GetRequiredService<IOptions<UpstreamOptions>>().Value;
        var log = NullLogger.Instance;
        Line = services.GetRequiredService<RunUpstream>();
        Recorder = new RunRecorder(RunId, "usr_1", services.GetRequiredService<RunEventWriter>(), time, options.Store, Line.UnwrittenBytes)
        {
            OnFailed = exception => Post(new RunMessage.CommitFailed(exception)),
        };
        var conversation = new RunConversation(Recorder);
        var steering = new Copilot.Domain.Runs.Actor.Steering(Recorder, Line, this);
        var limit = new RunLimit(time, TimeSpan.FromHours(1), () => { });
        var hold = new RunHold(Recorder, this, limit, time, TimeSpan.FromMinutes(10));
        var budget = new BudgetGuard(Recorder, this, limit, time, new RunOptions(), log);
        Costs = new RunCosts(Recorder, services.GetRequiredService<PriceTable>(), log);
        Connection = new RunConnection(Recorder, Line, this, conversation, Costs, Settings.Model, options, log);
        Compaction = new Compaction(Recorder, Line, this, conversation, steering, Costs, options, log);
        var extras = services.GetRequiredService<RequestExtras>();
        Attempts = new ResponseAttempts(
            Recorder, Line, this, Connection, Compaction, steering, hold, budget, Costs, conversation, extras,
            new AttemptRecovery(Recorder, Line, this, Connection, Compaction, hold, extras, time, log), Random.Shared, options, log);
    }

    public ScriptedUpstream Upstream { get; }

    public RunHost Host { get; }

    /// <summary>What is sent and received on.</summary>
    public RunUpstream Line { get; }

    public RunRecorder Recorder { get; }

    public RunCosts Costs { get; }

    public RunConnection Connection { get; }

    public Compaction Compaction { get; }

    public ResponseAttempts Attempts { get; }

    public ResponseSettings Settings { get; } = new() { Model = "m", PromptCacheKey = "ses_1" };

    public static async Task<RunPartsScene> StartAsync(Action<UpstreamOptions> configure)
    {
        var upstream = await ScriptedUpstream.StartAsync();
        var host = await RunHost.StartWithAsync(upstream.BaseUrl, services => services.Configure<PriceOptions>(PricedHost.Set).Configure<UpstreamOptions>(options =>
        {
            options.Transport = TransportChoice.WebSocket;
            configure(options);
        }));
        var scene = new RunPartsScene(upstream, host);
        var request = RunHost.Request("Where is the pump?", "ses_1");
        scene.Recorder.RecordFirst(() =>
        {
            scene.Recorder.RecordBy(RunHost.Owner, new RunCreation
            {
                SessionId = request.SessionId,
                Owner = request.Owner,
                Agent = request.Agent,
                Metadata = request.Metadata,
            }.ToEvent());
            scene.Recorder.RecordBy(RunHost.Owner, UserMessage.Of(request.Input, "msg_1", []));
        });
        await scene.Recorder.CommitAsync().Soon("the run is created");
        return scene;
    }

    /// <summary>Records events of the upstream as if they had come.</summary>
    public void Receive(params string[] frames)
    {
        foreach (var frame in frames)
        {
            Line.UnwrittenBytes.Take(frame.Length);
            Recorder.RecordUpstream(Frames.Parse(frame));
        }
    }

    /// <summary>What was recorded since the message.</summary>
    public async Task<IReadOnlyList<RunEvent>> EventsAsync()
    {
        await Recorder.CommitAsync().Soon("all is committed");
        return await Host.Database.Events.ReadAsync(RunId, 2, 1_000, CancellationToken.None);
    }

    /// <summary>Their types.</summary>
    public async Task<IEnumerable<string>> TypesAsync() => (await EventsAsync()).Select(e => e.Type);

    public void Post(RunMessage message) => _messages.Writer.TryWrite(message);

    public async Task<RunMessage> ReceiveAsync()
    {
        Recorder.HandOver();
        while (await _messages.Reader.ReadAsync() is { } message)
        {
            if (message is not RunMessage.Connecting connecting)
            {
                return message;
            }

            Connection.RecordNotice(connecting.Notice);
        }

        throw new InvalidOperationException("The mailbox is closed.");
    }

    public RunMessage? TryTake() => _messages.Reader.TryRead(out var message) ? message : null;

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
