using System.Globalization;
using System.Text;

namespace Copilot.Demo.Upstream.Model.Hosted;

/// <summary>The chart that the interpreter has saved. Its id holds the numbers, so that nothing has to be stored.</summary>
internal static class InterpreterChart
{
    private const string Prefix = "cfile_demo_";
    private const int MaxNumbers = 100;

    /// <summary>The id of the chart of these numbers.</summary>
    public static string IdOf(IReadOnlyList<double> values) =>
        Prefix + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(string.Join(' ', values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture)))));

    /// <summary>The picture as PNG; null where there is no such file in the container.</summary>
    public static ReadOnlyMemory<byte>? Find(string containerId, string fileId)
    {
        if (containerId != PlannedCode.Container || !fileId.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var values = new List<double>();
        try
        {
            foreach (var word in Encoding.ASCII.GetString(Convert.FromHexString(fileId.AsSpan(Prefix.Length))).Split(' '))
            {
                if (values.Count == MaxNumbers || !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                {
                    return null;
                }

                values.Add(value);
            }
        }
        catch (FormatException)
        {
            return null;
        }

        return Paintings.Bars(values);
    }
}
