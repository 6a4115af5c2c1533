using Salvor.ObjectStore;

namespace Salvor.Tests.ObjectStore;

public sealed class ObjectNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("salvor.json")]
    [InlineData("packs/0f/0f3e_1-2.pack")]
    [InlineData("...")]
    public void Names_of_the_alphabet_are_taken(string text)
    {
        Assert.True(ObjectName.TryParse(text, out var name));
        Assert.Equal(text, name.Value);
        Assert.Equal(text, $"{name}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("~0123456789abcdef")]
    [InlineData("a\0")]
    [InlineData("ä")]
    public void What_could_mean_something_else_somewhere_is_refused(string text)
    {
        Assert.False(ObjectName.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => new ObjectName(text));
    }

    [Fact]
    public void Names_have_a_longest_length()
    {
        Assert.True(ObjectName.IsValid(new string('a', ObjectName.LengthMax)));
        Assert.False(ObjectName.IsValid(new string('a', ObjectName.LengthMax + 1)));
        Assert.False(ObjectName.IsValid(null));
    }

    [Fact]
    public void A_name_that_was_never_set_is_no_name()
    {
        Assert.Throws<InvalidOperationException>(() => default(ObjectName).Value);
    }
}
