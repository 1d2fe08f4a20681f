using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Copilot.Tests.Golden;

/// <summary>The files of this folder, which are compiled into the tests.</summary>
internal static class GoldenFiles
{
    /// <summary>Set to <c>1</c>, the results are written anew instead of compared. Never needed for a change that keeps what old runs say.</summary>
    private const string RecordVariable = "COPILOT_GOLDEN_RECORD";

    /// <summary>The bytes of a file.</summary>
    public static byte[] ReadBytes(string path)
    {
        var name = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .FirstOrDefault(one => one.Replace('\\', '/') == "Golden/" + path)
            ?? throw new InvalidOperationException($"There is no golden file {path}.");
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => Encoding.UTF8.GetString(ReadBytes(path));

    /// <summary>Compares a result with the recorded one, and says where they part.</summary>
    public static void Compare(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable(RecordVariable) == "1")
        {
            File.WriteAllText(Path.Combine(Folder(), path), actual);
            return;
        }

        var expected = Read(path);
        if (expected == actual)
        {
            return;
        }

        var (want, have) = (expected.Split('\n'), actual.Split('\n'));
        var line = want.Zip(have).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"{path} differs at line {line + 1}.\nExpected: {Around(want, line)}\nActual:   {Around(have, line)}");
    }

    private static string Around(string[] lines, int line) => string.Join('\n', lines.Skip(Math.Max(0, line - 3)).Take(6));

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
