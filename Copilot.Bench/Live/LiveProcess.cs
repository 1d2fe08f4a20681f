using System.Diagnostics;
using System.Globalization;

namespace Copilot.Bench.Live;

/// <summary>A process of the bench: <see cref="LiveServer"/> or <see cref="LiveUpstream"/>, whose work is counted apart.</summary>
internal sealed class LiveProcess : IDisposable
{
    private readonly Process _process;

    private LiveProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes, now.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="arguments">The hidden command with its arguments.</param>
    public static async Task<LiveProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(typeof(LiveProcess).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{arguments[0]} ended before it listened.");
        return new LiveProcess(process, new Uri(address));
    }

    /// <summary>Tells it something and gives its answer.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The process ended at '{line}'.");
    }

    /// <summary>As <see cref="AskAsync"/>, for numbers.</summary>
    public async Task<long[]> AskNumbersAsync(string line) =>
        [.. (await AskAsync(line)).Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        // The end of its input tells it to stop.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
