namespace Copilot.Demo.Upstream.Model.Hosted;

/// <summary>The pictures the model can make: a landscape whose colours come from the prompt, and a bar chart.</summary>
internal static class Paintings
{
    /// <summary>A sky, a sun and hills. A coarse grain looks like a partial image.</summary>
    public static ReadOnlyMemory<byte> Landscape(string prompt, int size, int grain)
    {
        var seed = prompt.Aggregate(17, (sum, character) => unchecked((sum * 31) + character)) & 0x7FFFFFFF;
        var (sunX, sunY, radius) = (0.2 + (seed % 60 / 100.0), 0.18 + (seed / 60 % 20 / 100.0), 0.09 + (seed / 1200 % 6 / 100.0));
        var warmth = seed / 7200 % 100 / 100.0;
        return PngImage.Draw(size, size, (x, y) =>
        {
            var (u, v) = ((x / grain * grain) / (double)size, (y / grain * grain) / (double)size);
            for (var hill = 2; hill >= 0; hill--)
            {
                var line = 0.86 - (hill * 0.13) + (0.05 * Math.Sin((u * (5 + hill)) + (seed % 7) + (hill * 2)));
                if (v > line)
                {
                    var light = 0.35 + (hill * 0.2);
                    return Colour(40 + (90 * light * warmth), 70 + (110 * light), 60 + (50 * light * (1 - warmth)));
                }
            }

            var distance = Math.Sqrt(Math.Pow(u - sunX, 2) + Math.Pow(v - sunY, 2));
            var glow = Math.Max(0, 1 - (distance / (radius * 3)));
            return distance < radius
                ? Colour(255, 236 - (60 * warmth), 180 - (60 * warmth))
                : Colour(110 + (110 * v) + (60 * glow), 150 + (60 * v) + (30 * glow), 225 - (60 * v * warmth));
        });
    }

    /// <summary>One bar a value, from left to right.</summary>
    public static ReadOnlyMemory<byte> Bars(IReadOnlyList<double> values)
    {
        const int Width = 480;
        const int Height = 280;
        const int Margin = 24;
        var largest = Math.Max(1e-9, values.Max(Math.Abs));
        var step = (Width - (2 * Margin)) / (double)values.Count;
        return PngImage.Draw(Width, Height, (x, y) =>
        {
            if (x == Margin || y == Height - Margin)
            {
                return Colour(70, 80, 95);
            }

            var bar = (int)Math.Floor((x - Margin) / step);
            if (bar < 0 || bar >= values.Count || y > Height - Margin)
            {
                return Colour(255, 255, 255);
            }

            var inside = (x - Margin - (bar * step)) / step is > 0.15 and < 0.85;
            var top = Height - Margin - (Math.Abs(values[bar]) / largest * (Height - (2 * Margin)));
            return inside && y >= top ? Colour(47, 111, 208) : Colour(255, 255, 255);
        });
    }

    private static (byte Red, byte Green, byte Blue) Colour(double red, double green, double blue) =>
        ((byte)Math.Clamp(red, 0, 255), (byte)Math.Clamp(green, 0, 255), (byte)Math.Clamp(blue, 0, 255));
}
