using System.Security.Cryptography;

namespace Copilot.Domain.Runs.Events;

/// <summary>
/// Random bytes for salts, drawn from the system's generator for many events at once: a call of it costs more than the hash of an event.
/// </summary>
internal static class RandomSalts
{
    private const int Drawn = 2_048;

    [ThreadStatic]
    private static byte[]? t_bytes;

    [ThreadStatic]
    private static int t_used;

    /// <summary>Fills a salt with random bytes that nobody else gets. At most 2,048 bytes.</summary>
    public static void Fill(Span<byte> salt)
    {
        var bytes = t_bytes ??= new byte[Drawn];
        if (t_used == 0 || t_used + salt.Length > Drawn)
        {
            RandomNumberGenerator.Fill(bytes);
            t_used = 0;
        }

        var next = bytes.AsSpan(t_used, salt.Length);
        next.CopyTo(salt);

        // A salt that was erased must not be found here.
        CryptographicOperations.ZeroMemory(next);
        t_used += salt.Length;
    }
}
