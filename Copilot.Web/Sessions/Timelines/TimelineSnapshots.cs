using System.Buffers.Binary;
using System.IO.Compression;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Snapshots;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Storage.Snapshots;
using Microsoft.AspNetCore.DataProtection;

namespace Copilot.Web.Sessions.Timelines;

/// <summary>
/// Timelines of runs that have ended, as they were folded. Sealed with the installation's keys: what is changed in the database shows in
/// no conversation while the log says otherwise. Whatever goes wrong here, the run is folded from its events.
/// </summary>
internal sealed partial class TimelineSnapshots(RunSnapshots store, IDataProtectionProvider protection, ILogger<TimelineSnapshots> logger)
{
    /// <summary>Largest state that is saved, in bytes of JSON. What is larger is rare, and read in pages.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private const int Quality = 5;
    private const int Window = 20;
    private const int LengthBytes = sizeof(int);

    private readonly IDataProtector _protector = protection.CreateProtector("Copilot.RunSnapshots", TimelineSnapshot.Build);

    // One state at a time is written out: of those that are opened together, all are in memory anyway.
    private readonly KeyedLock _turn = new();

    /// <summary>The timeline of a run as it was saved, or null.</summary>
    public async Task<TimelineState?> FindAsync(RunSummary run, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(run.RunId, run.HeadSeq, TimelineSnapshot.Build, cancellationToken) is { } content
                && Open(content) is var state && state.RunId == run.RunId && state.HeadSeq == run.HeadSeq
                    ? state
                    : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreadable(exception, run.RunId);
            return null;
        }
    }

    /// <summary>Saves a timeline that has ended. Completes without an error also where it could not be saved.</summary>
    public async Task SaveAsync(TimelineState state, CancellationToken cancellationToken)
    {
        try
        {
            using var turn = await _turn.EnterAsync("", cancellationToken);
            if (Close(state) is { } content)
            {
                await store.SaveAsync(state.RunId!, state.HeadSeq, TimelineSnapshot.Build, content, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody looks any more: it is saved another time.
        }
        catch (Exception exception)
        {
            LogNotSaved(exception, state.RunId);
        }
    }

    private byte[]? Close(TimelineState state)
    {
        var json = TimelineSnapshot.Write(state);
        if (json.Length > MostBytes)
        {
            return null;
        }

        var packed = new byte[LengthBytes + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(packed, json.Length);
        return BrotliEncoder.TryCompress(json, packed.AsSpan(LengthBytes), out var length, Quality, Window)
            ? _protector.Protect(packed[..(LengthBytes + length)])
            : throw new InvalidOperationException("The snapshot could not be compressed.");
    }

    private TimelineState Open(byte[] content)
    {
        var packed = _protector.Unprotect(content);
        var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(packed)];
        return BrotliDecoder.TryDecompress(packed.AsSpan(LengthBytes), json, out var length) && length == json.Length
            ? TimelineSnapshot.Read(json)
            : throw new InvalidOperationException("The snapshot could not be decompressed.");
    }

    [LoggerMessage(LogLevel.Warning, "The snapshot of run {RunId} could not be read; the run is read from its events")]
    private partial void LogUnreadable(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "A snapshot of run {RunId} could not be saved; the run will be read from its events again")]
    private partial void LogNotSaved(Exception exception, string? runId);
}
