using System.Text;

namespace Copilot.Tests.Telemetry.Otlp;

/// <summary>A point of a metric as it came over the wire.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Value">A sum's or gauge's value; of a histogram how often something was recorded.</param>
/// <param name="Attributes">What it is about.</param>
internal sealed record OtlpPoint(string Metric, string Unit, double Value, IReadOnlyDictionary<string, string> Attributes)
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    /// <summary>The points of an export.</summary>
    public static IEnumerable<OtlpPoint> Read(ReadOnlyMemory<byte> export) =>
        from resource in ProtobufReader.All(export, 1)
        from scope in ProtobufReader.All(resource, 2)
        from metric in ProtobufReader.All(scope, 2)
        from data in ProtobufReader.Fields(metric)
        where data.Number is Gauge or Sum or Histogram
        from point in ProtobufReader.All(data.Bytes, 1)
        select new OtlpPoint(Text(metric, 1), Text(metric, 3), ValueOf(data.Number, point), OtlpSpan.ReadAttributes(point, data.Number == Histogram ? 9 : 7));

    private static double ValueOf(int kind, ReadOnlyMemory<byte> point)
    {
        var field = ProtobufReader.Fields(point).First(field => field.Number is 4 or 6);
        return kind == Histogram || field.Number == 6 ? field.Value : BitConverter.UInt64BitsToDouble(field.Value);
    }

    private static string Text(ReadOnlyMemory<byte> message, int number) =>
        Encoding.UTF8.GetString(ProtobufReader.All(message, number).FirstOrDefault().Span);
}
