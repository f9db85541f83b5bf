using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// An operator of libtorch, found by name and overload on first use. Arguments stand in the order of the operator's schema;
/// those left off at the end take its defaults.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    // Lists of up to this many entries in all are passed on the stack.
    private const int ScratchLength = 64;

    private IntPtr _native;

    internal Tensor Call(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return new Tensor(result.Pointer);
    }

    internal (Tensor, Tensor) Call2(params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[2];
        Invoke(arguments, results, 2);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer));
    }

    internal (Tensor, Tensor, Tensor) Call3(params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[3];
        Invoke(arguments, results, 3);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer), new Tensor(results[2].Pointer));
    }

    /// <summary>For an operator that works in place, or whose results are not wanted.</summary>
    internal void Do(params ReadOnlySpan<Arg> arguments) => Invoke(arguments, null, 0);

    /// <summary>For an operator that returns a list of tensors.</summary>
    internal Tensor[] CallList(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        var tensors = new Tensor[result.Count];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(((IntPtr*)result.Pointer)[i]);
        LibTorch.gan_free(result.Pointer);
        return tensors;
    }

    internal bool CallBool(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result.Int != 0;
    }

    internal Scalar CallScalar(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result.Tag switch
        {
            Tag.Bool => result.Int != 0,
            Tag.Double => result.Double,
            _ => result.Int,
        };
    }

    // The tensors stay alive during the call, because the caller's span of arguments refers to them.
    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> arguments, Value* results, int room)
    {
        if (_native == IntPtr.Zero) Find();
        Value* values = stackalloc Value[arguments.Length];
        long* scratch = stackalloc long[ScratchLength];
        long* spilled = null;
        int words = 0;
        foreach (ref readonly Arg argument in arguments)
            if (argument.Tag >= Tag.IntList) words += Words((Array)argument.Reference!);
        if (words > ScratchLength) scratch = spilled = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try
        {
            for (int i = 0; i < arguments.Length; i++) Convert(in arguments[i], values + i, ref scratch);
            if (LibTorch.gan_call(_native, values, arguments.Length, results, room) < 0) throw LibTorch.Error();
        }
        finally
        {
            NativeMemory.Free(spilled);
        }
    }

    private static void Convert(in Arg argument, Value* value, ref long* scratch)
    {
        value->Tag = argument.Tag;
        value->Count = argument.Index;
        value->Int = argument.Bits;
        if (argument.Tag == Tag.Tensor)
        {
            value->Pointer = Unsafe.As<Tensor>(argument.Reference!).Handle;
        }
        else if (argument.Tag == Tag.Generator)
        {
            value->Pointer = Unsafe.As<Generator>(argument.Reference!).Handle;
        }
        else if (argument.Tag >= Tag.IntList)
        {
            var list = (Array)argument.Reference!;
            value->Count = list.Length;
            value->Pointer = (IntPtr)scratch;
            if (list is Tensor?[] tensors)
                for (int i = 0; i < tensors.Length; i++) scratch[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
            else
                Unsafe.CopyBlockUnaligned(ref *(byte*)scratch, ref MemoryMarshal.GetArrayDataReference(list),
                    (uint)Buffer.ByteLength(list));
            scratch += Words(list);
        }
    }

    private static int Words(Array list) => list is byte[] ? (list.Length + 7) / 8 : list.Length;

    private void Find()
    {
        fixed (byte* qualified = Encoding.UTF8.GetBytes((name.Contains("::", StringComparison.Ordinal) ? name : "aten::" + name) + '\0'))
        fixed (byte* overloaded = Encoding.UTF8.GetBytes(overload + '\0'))
            _native = LibTorch.Check(LibTorch.gan_operator(qualified, overloaded));
    }
}
