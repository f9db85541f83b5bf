using System.Text;

namespace GanPipeline;

/// <summary>What a kind of pickle holds beside plain data: the names that it may have, and the values that are made of them.</summary>
internal abstract class PickleForm
{
    private const int LongestText = 1000;

    /// <summary>Whether there are objects by NEWOBJ, and values outside the pickle (BINPERSID).</summary>
    public virtual bool HasObjects => false;

    /// <summary>A name of a function or class that is known.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public abstract PickleName Known(string module, string name);

    /// <summary>What stands for the value that Python's function would return.</summary>
    /// <exception cref="InvalidDataException">The arguments are of another form.</exception>
    public abstract object? Make(PickleName function, object?[] arguments);

    /// <summary>Gives an object its state.</summary>
    /// <exception cref="InvalidDataException">Object or state are of another form.</exception>
    public abstract void Fill(object? target, object? state);

    /// <summary>A dictionary's key as a text.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public virtual string Key(object? value) => Text(value) ?? throw new InvalidDataException("a key is not a text");

    /// <summary>A value outside the pickle, by the id that the pickle has for it.</summary>
    /// <exception cref="InvalidDataException">The id is of another form.</exception>
    public virtual object? Persistent(object? id) => throw new InvalidDataException("a value of it lies outside");

    /// <summary>A text, which Python 2 writes as bytes; null for anything else, and for what is longer than names are.</summary>
    public static string? Text(object? value) => value switch
    {
        string { Length: <= LongestText } text => text,
        ReadOnlyMemory<byte> { Length: <= LongestText } bytes => Encoding.UTF8.GetString(bytes.Span),
        _ => null,
    };

    /// <summary>A name as a message shows it.</summary>
    protected static string Shorten(string name) => name.Length <= 60 ? name : name[..57] + "...";
}

/// <summary>
/// The name of a function or class of Python. It is only compared with the few that are known, never looked up or called.
/// </summary>
internal sealed record PickleName(string Module, string Name);
