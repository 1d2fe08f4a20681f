using System.Globalization;
using System.Text;

namespace Copilot.Tests.Telemetry.Otlp;

/// <summary>A span as it came over the wire.</summary>
internal sealed record OtlpSpan
{
    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    /// <summary>Empty for one without.</summary>
    public required string ParentId { get; init; }

    public required string Name { get; init; }

    /// <summary>1 internal, 3 client.</summary>
    public required int Kind { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>2 is an error.</summary>
    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>The spans of an export.</summary>
    public static IEnumerable<OtlpSpan> Read(ReadOnlyMemory<byte> export) =>
        from resource in ProtobufReader.All(export, 1)
        from scope in ProtobufReader.All(resource, 2)
        from span in ProtobufReader.All(scope, 2)
        select Of(span);

    /// <summary>What an export says of who sent it.</summary>
    public static IReadOnlyDictionary<string, string> Resource(ReadOnlyMemory<byte> export) =>
        ReadAttributes(ProtobufReader.All(ProtobufReader.All(export, 1).First(), 1).First(), 1);

    internal static IReadOnlyDictionary<string, string> ReadAttributes(ReadOnlyMemory<byte> message, int number) =>
        ProtobufReader.All(message, number).ToDictionary(pair => Text(ProtobufReader.All(pair, 1).First()), pair => Value(ProtobufReader.All(pair, 2).First()));

    private static OtlpSpan Of(ReadOnlyMemory<byte> span)
    {
        var fields = ProtobufReader.Fields(span).ToLookup(field => field.Number);
        return new OtlpSpan
        {
            TraceId = Convert.ToHexStringLower(fields[1].Single().Bytes.Span),
            SpanId = Convert.ToHexStringLower(fields[2].Single().Bytes.Span),
            ParentId = Convert.ToHexStringLower(fields[4].SingleOrDefault().Bytes.Span),
            Name = Text(fields[5].Single().Bytes),
            Kind = (int)fields[6].Single().Value,
            Duration = TimeSpan.FromMicroseconds((fields[8].Single().Value - fields[7].Single().Value) / 1_000d),
            Status = (int)fields[15].Select(status => ProtobufReader.Fields(status.Bytes).FirstOrDefault(field => field.Number == 3).Value).SingleOrDefault(),
            Attributes = ReadAttributes(span, 9),
        };
    }

    private static string Value(ReadOnlyMemory<byte> any)
    {
        var field = ProtobufReader.Fields(any).FirstOrDefault();
        return field.Number switch
        {
            1 => Text(field.Bytes),
            2 => field.Value == 1 ? "true" : "false",
            3 => ((long)field.Value).ToString(CultureInfo.InvariantCulture),
            4 => BitConverter.UInt64BitsToDouble(field.Value).ToString(CultureInfo.InvariantCulture),
            5 => string.Join(',', ProtobufReader.All(field.Bytes, 1).Select(Value)),
            _ => "",
        };
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
