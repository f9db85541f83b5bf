using System.Buffers.Binary;
using System.Text;

namespace GanPipeline;

/// <summary>
/// Reads pickles of Python (pickletools.py describes the format, protocols 2 to 5) that hold dictionaries, lists, texts, numbers, and what
/// a <see cref="PickleForm"/> knows besides. A pickle is a program, and Python runs whatever functions it names. This reader runs none: the
/// form knows a few names, makes plain values of them, and every other name and operation is refused.
/// </summary>
/// <remarks>
/// Memory and time stay in proportion to the file: operations are counted, and none makes more than its part of the file.
/// </remarks>
internal sealed class PickleReader
{
    // CIFAR-100's largest file takes 300,000, a tensor of a state dict 40.
    private const int MostOperations = 2_000_000;

    private static readonly object _mark = new();

    private readonly ReadOnlyMemory<byte> _file;
    private readonly PickleForm _form;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;
    private long _encoded;

    private PickleReader(ReadOnlyMemory<byte> file, PickleForm form) => (_file, _form) = (file, form);

    /// <summary>
    /// The value of a pickle: null, bool, long, double, string, ReadOnlyMemory of bytes (parts of the file, not copies), List of object?,
    /// object?[] (a tuple), Dictionary of string to object?, or what the form makes.
    /// </summary>
    /// <exception cref="InvalidDataException">It is damaged, or holds something else; the message says what.</exception>
    public static object? Read(ReadOnlyMemory<byte> file, PickleForm form) => Read(file, form, out _);

    /// <summary>The same, and where the pickle ends.</summary>
    public static object? Read(ReadOnlyMemory<byte> file, PickleForm form, out int length)
    {
        if (!IsPickle(file.Span)) throw new InvalidDataException("it does not begin as a pickle of protocol 2 to 5");
        var reader = new PickleReader(file, form);
        var value = reader.Read();
        length = reader._at;
        return value;
    }

    /// <summary>Whether a file begins as a pickle of these protocols.</summary>
    public static bool IsPickle(ReadOnlySpan<byte> start) => start is [Opcode.Proto, >= 2 and <= 5, ..];

    private object? Read()
    {
        _at = 2;
        for (var i = 0; i < MostOperations; i++)
        {
            var code = Take(1)[0];
            if (code == Opcode.Stop) return Pop();
            if (!(ReadNumber(code) || ReadText(code) || ReadContainer(code) || ReadMemo(code) || ReadObject(code)))
                throw new InvalidDataException($"it has the operation 0x{code:X2}, which data have no use for");
        }
        throw new InvalidDataException("it has more operations than data need");
    }

    private bool ReadNumber(byte code)
    {
        switch (code)
        {
            case Opcode.None: Push(null); return true;
            case Opcode.NewTrue: Push(true); return true;
            case Opcode.NewFalse: Push(false); return true;
            case Opcode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); return true;
            case Opcode.BinInt1: Push((long)Take(1)[0]); return true;
            case Opcode.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); return true;
            case Opcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); return true;
            case Opcode.Long1: Push(Long(Take(Take(1)[0]))); return true;
            default: return false;
        }
    }

    private bool ReadText(byte code)
    {
        switch (code)
        {
            case Opcode.ShortBinString or Opcode.ShortBinBytes: Push(TakeMemory(Length(1))); return true;
            case Opcode.BinString or Opcode.BinBytes: Push(TakeMemory(Length(4))); return true;
            case Opcode.BinBytes8 or Opcode.ByteArray8: Push(TakeMemory(Length(8))); return true;
            case Opcode.ShortBinUnicode: Push(Encoding.UTF8.GetString(Take(Length(1)))); return true;
            case Opcode.BinUnicode: Push(Encoding.UTF8.GetString(Take(Length(4)))); return true;
            case Opcode.BinUnicode8: Push(Encoding.UTF8.GetString(Take(Length(8)))); return true;
            default: return false;
        }
    }

    private bool ReadContainer(byte code)
    {
        switch (code)
        {
            case Opcode.Mark: Push(_mark); return true;
            case Opcode.EmptyDict: Push(new Dictionary<string, object?>()); return true;
            case Opcode.EmptyList: Push(new List<object?>()); return true;
            case Opcode.EmptyTuple: Push(Array.Empty<object?>()); return true;
            case Opcode.Tuple: Push(PopToMark()); return true;
            case Opcode.Tuple1: Push(PopMany(1)); return true;
            case Opcode.Tuple2: Push(PopMany(2)); return true;
            case Opcode.Tuple3: Push(PopMany(3)); return true;
            case Opcode.Append: Append(PopMany(1)); return true;
            case Opcode.Appends: Append(PopToMark()); return true;
            case Opcode.SetItem: SetItems(PopMany(2)); return true;
            case Opcode.SetItems: SetItems(PopToMark()); return true;
            default: return false;
        }
    }

    private bool ReadMemo(byte code)
    {
        switch (code)
        {
            case Opcode.Frame: Take(8); return true;
            case Opcode.BinPut: _memo[Take(1)[0]] = Top(); return true;
            case Opcode.LongBinPut: _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); return true;
            case Opcode.Memoize: _memo[(uint)_memo.Count] = Top(); return true;
            case Opcode.BinGet: Push(Remembered(Take(1)[0])); return true;
            case Opcode.LongBinGet: Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); return true;
            default: return false;
        }
    }

    private bool ReadObject(byte code)
    {
        switch (code)
        {
            case Opcode.Global: Push(_form.Known(Line(), Line())); return true;
            case Opcode.StackGlobal:
                if (PopMany(2) is not [string module, string name]) throw Broken();
                Push(_form.Known(module, name));
                return true;
            case Opcode.BinPersistent when _form.HasObjects: Push(_form.Persistent(Pop())); return true;
            case Opcode.NewObject when _form.HasObjects:
            case Opcode.Reduce:
                if (PopMany(2) is not [PickleName function, object?[] arguments]) throw Broken();
                // A text that is remembered could be made to bytes any number of times.
                if (arguments is [string text, ..] && (_encoded += text.Length) > _file.Length) throw Broken();
                Push(_form.Make(function, arguments));
                return true;
            case Opcode.Build:
                var state = Pop();
                _form.Fill(Top(), state);
                return true;
            default: return false;
        }
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw Broken();
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not Dictionary<string, object?> dictionary || items.Length % 2 != 0) throw Broken();
        for (var i = 0; i < items.Length; i += 2) dictionary[_form.Key(items[i])] = items[i + 1];
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack is [.., var top] && top != _mark ? top : throw Broken();

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        var first = _stack.Count - count;
        if (first < 0) throw Broken();
        object?[] values = [.. _stack[first..]];
        if (values.Contains(_mark)) throw Broken();
        _stack.RemoveRange(first, count);
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(_mark);
        if (mark < 0) throw Broken();
        var values = PopMany(_stack.Count - mark - 1);
        _stack.RemoveAt(mark);
        return values;
    }

    private object? Remembered(uint place) => _memo.TryGetValue(place, out var value) ? value : throw Broken();

    private int Length(int bytes)
    {
        ulong length = 0;
        foreach (var (i, part) in TakeMemory(bytes).ToArray().Index()) length |= (ulong)part << (8 * i);
        return length <= (ulong)(_file.Length - _at) ? (int)length : throw CutShort();
    }

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw new InvalidDataException("a number has more than 64 bits");
        var number = bytes is [.., >= 0x80] ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--) number = (number << 8) | bytes[i];
        return number;
    }

    private string Line()
    {
        var length = _file.Span[_at..].IndexOf((byte)'\n');
        if (length < 0) throw CutShort();
        var line = Encoding.UTF8.GetString(Take(length));
        _at++;
        return line;
    }

    private ReadOnlySpan<byte> Take(int count) => TakeMemory(count).Span;

    private ReadOnlyMemory<byte> TakeMemory(int count)
    {
        if (count > _file.Length - _at) throw CutShort();
        _at += count;
        return _file.Slice(_at - count, count);
    }

    private static InvalidDataException CutShort() => new("it is cut short");

    private static InvalidDataException Broken() => new("its operations do not fit together");
}
