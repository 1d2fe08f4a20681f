using System.Diagnostics;

namespace Copilot.Bench.Recording;

/// <summary>An upstream of the bench in a separate process, so that its work is not counted as the product's.</summary>
internal sealed class UpstreamProcess : IDisposable
{
    private readonly Process _process;

    private UpstreamProcess(Process process, Uri address)
    {
        _process = process;
        BaseUrl = new Uri(address, "/v1");
    }

    /// <summary>The base address for clients.</summary>
    public Uri BaseUrl { get; }

    /// <param name="command">The hidden command that serves: it writes its address, and ends with its standard input.</param>
    /// <param name="argument">What it serves.</param>
    public static async Task<UpstreamProcess> StartAsync(string command, string argument)
    {
        var start = OwnProcess.Start();
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.ArgumentList.Add(command);
        start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The upstream of the bench ended before it listened.");
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
