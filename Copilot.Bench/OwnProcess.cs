using System.Diagnostics;

namespace Copilot.Bench;

/// <summary>How this program starts itself once more.</summary>
internal static class OwnProcess
{
    /// <summary>What starts it, without arguments.</summary>
    public static ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        }

        return start;
    }
}
