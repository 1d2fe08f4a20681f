namespace Copilot.Demo.Upstream.Protocol;

/// <summary>A running 64-bit FNV-1a hash: equal prefixes of a prompt have equal fingerprints.</summary>
internal readonly record struct Fingerprint(ulong Value)
{
    private const ulong Prime = 1099511628211;

    public static Fingerprint Empty { get; } = new(14695981039346656037);

    public Fingerprint Add(string? text)
    {
        var hash = Value;
        foreach (var character in text ?? string.Empty)
        {
            hash = (hash ^ character) * Prime;
        }

        // The separator distinguishes ("ab", "c") from ("a", "bc").
        return new Fingerprint((hash ^ 0x1_0000) * Prime);
    }

    public Fingerprint Add(Fingerprint other) => new((Value ^ other.Value) * Prime);
}
