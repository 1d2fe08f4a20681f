using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Erasure;

/// <summary>Real runs over a real database and the test's upstream, and a worker whose clock and pace the test controls.</summary>
internal sealed class ErasureFixture : IAsyncDisposable
{
    public const string Owner = "usr_1";

    private ErasureFixture(RunHost host) => Host = host;

    public RunHost Host { get; }

    /// <summary>The worker's clock; the runs use the real one. It starts a day after the runs.</summary>
    public ManualClock Clock { get; } = new(TimeProvider.System.GetUtcNow().AddDays(1));

    public RetentionOptions Options { get; } = new();

    public ScriptedAccess Access { get; } = new();

    public ErasureChanges Changes { get; } = new();

    /// <summary>Runs in place of the real ones; null for those.</summary>
    public IRuns? Runs { get; set; }

    /// <summary>Other stores with content of conversations.</summary>
    public IReadOnlyList<ISessionEraser> Remains { get; set; } = [];

    public IErasureStore Store => Host.Database.Services.GetRequiredService<IErasureStore>();

    public ErasureService People => new(Store, Access, Changes, Clock);

    public RetentionService Retention => new(
        Host.Database.Services.GetRequiredService<IRetentionStore>(), Access, Changes, Clock, NullLogger<RetentionService>.Instance);

    public static async Task<ErasureFixture> StartAsync(Uri upstream, Action<UpstreamOptions> configure, params ITool[] tools) =>
        new(await RunHost.StartAsync(upstream, configure, tools));

    public ErasureWorker NewErasureWorker() => NewErasureWorker(Store);

    public ErasureWorker NewErasureWorker(IErasureStore store)
    {
        var services = Host.Database.Services;
        return new ErasureWorker(
            store,
            services.GetRequiredService<IRetentionStore>(),
            Host.Database.Events,
            Runs ?? Host.Runs,
            Host.Feed,
            services.GetRequiredService<RunDirectory>(),
            services.GetRequiredService<IStoredResponses>(),
            services.GetRequiredService<IUpstreamEndpoint>(),
            Remains,
            Changes,
            Microsoft.Extensions.Options.Options.Create(Options),
            Clock,
            new Random(1),
            NullLogger<ErasureWorker>.Instance);
    }

    /// <summary>Requests erasure as the owner.</summary>
    public async Task<ErasureRequest> AskAsync(string sessionId)
    {
        var asked = await People.RequestAsync(Owner, sessionId, delete: false, CancellationToken.None);
        Assert.NotNull(asked);
        return asked;
    }

    /// <summary>Asks and does what is due, once.</summary>
    public async Task<ErasureRecord> EraseAsync(string sessionId)
    {
        var asked = await AskAsync(sessionId);
        await NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker has done what is due");
        return await FindRecordAsync(asked.Id);
    }

    public async Task<ErasureRecord> FindRecordAsync(string erasureId)
    {
        var evidence = await People.FindRecordAsync(Owner, erasureId, CancellationToken.None);
        Assert.NotNull(evidence);
        return evidence;
    }

    /// <summary>Every stored event of a run.</summary>
    public async Task<IReadOnlyList<RunEvent>> ReadAsync(string runId) =>
        await Host.Database.Events.ReadAsync(runId, 0, int.MaxValue, CancellationToken.None);

    /// <summary>True when the text is anywhere in the database's files on disk.</summary>
    public async Task<bool> IsOnDiskAsync(string words)
    {
        // What other writers have under way is let finish; nothing is flushed for the test's sake.
        using var pass = await Host.Database.Gate.EnterAsync(CancellationToken.None);
        var needle = System.Text.Encoding.UTF8.GetBytes(words);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Host.Database.Path)!))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            if (bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(needle) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        Access.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>Has a run of one question and its answer; its id.</summary>
    public async Task<string> AnswerAsync(ScriptedUpstream upstream)
    {
        var run = await Host.StartRunAsync("Hello");
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_1", "Hi"));
        await Host.RestAsync(run.RunId);
        return run.RunId;
    }
}
