using Copilot.Demo.Upstream.Answering;

namespace Copilot.Tests.Demo.Upstream.Model;

public sealed class TokenPiecesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Hello, world")]
    [InlineData("  leading and trailing  ")]
    [InlineData("incomprehensibilities\n\n- list\n")]
    [InlineData("ab😀😀😀😀😀😀cd é 日本語日本語日本語")]
    public void Split_PutTogether_IsTheText(string text)
    {
        var pieces = TokenPieces.Split(text).ToList();

        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.False(char.IsLowSurrogate(piece[0])));
    }

    [Fact]
    public void Split_AWordWithItsSpace_IsOnePiece() =>
        Assert.Equal(["plain ", "words ", "here"], TokenPieces.Split("plain words here"));
}
