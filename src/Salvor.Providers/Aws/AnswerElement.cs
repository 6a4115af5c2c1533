namespace Salvor.Providers.Aws;

/// <summary>An element of an answer, by its local name: the same thing comes in several namespaces.</summary>
internal sealed class AnswerElement(string name)
{
    private readonly List<AnswerElement> _children = [];

    public string Name { get; } = name;

    /// <summary>The text directly inside; empty where there is none.</summary>
    public string Text { get; set; } = "";

    public IReadOnlyList<AnswerElement> Children => _children;

    public void Add(AnswerElement child) => _children.Add(child);

    /// <summary>The first child of that name; null where there is none.</summary>
    public AnswerElement? Child(string name) => _children.Find(child => child.Name == name);

    /// <summary>The text of the first child of that name; null where there is none, or it is empty.</summary>
    public string? TextOf(string name) => Child(name) is { Text.Length: > 0 } child ? child.Text : null;

    /// <summary>The members of a list; none where the list is not there.</summary>
    public IReadOnlyList<AnswerElement> Members(string list) =>
        Child(list) is { } found ? [.. found.Children.Where(child => child.Name == "member")] : [];

    /// <summary>The first element of that name at any depth, this one included.</summary>
    public AnswerElement? Find(string name)
    {
        var left = new Stack<AnswerElement>([this]);
        while (left.TryPop(out var next))
        {
            if (next.Name == name)
            {
                return next;
            }

            for (var i = next._children.Count - 1; i >= 0; i--)
            {
                left.Push(next._children[i]);
            }
        }

        return null;
    }
}
