using System.Diagnostics;

namespace Copilot.Bench.Overhead;

/// <summary><see cref="ReplayUpstream"/> in a separate process.</summary>
internal sealed class UpstreamProcess : IDisposable
{
    /// <summary>The hidden command that serves.</summary>
    public const string Command = "replay-upstream";

    private readonly Process _process;

    private UpstreamProcess(Process process, Uri address)
    {
        _process = process;
        BaseUrl = new Uri(address, "/v1");
    }

    /// <summary>The base address for clients.</summary>
    public Uri BaseUrl { get; }

    public static async Task<UpstreamProcess> StartAsync(string recording)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(typeof(UpstreamProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Command);
        start.ArgumentList.Add(recording);
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The replaying upstream ended before it listened.");
        return new UpstreamProcess(process, new Uri(address));
    }

    public void Dispose()
    {
        // The end of its input tells it to stop.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
