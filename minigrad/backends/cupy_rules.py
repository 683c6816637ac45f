"""What CuPy lacks or refuses and NumPy does not, for the stand-in strict.py.  The lists are CuPy 14.2's own."""

ABSENT = frozenset("""
    asmatrix block bmat busday_count busday_offset datetime_as_string datetime_data einsum_path errstate frompyfunc
    fromregex geomspace get_include getbufsize geterr geterrcall histogram_bin_edges info insert is_busday isnat
    matvec nanpercentile nanquantile put_along_axis ndenumerate nditer nested_iters polyder polydiv polyint
    setbufsize seterr seterrcall show_runtime spacing test unstack vecdot vecmat linalg.diagonal linalg.matrix_norm
    linalg.multi_dot linalg.outer linalg.svdvals linalg.tensordot linalg.trace linalg.vecdot linalg.vector_norm
""".split())  # functions of NumPy, or of CuPy from 14 on
NO_KERNEL = frozenset("""
    empty empty_like broadcast_to broadcast_arrays broadcast_shapes swapaxes moveaxis transpose expand_dims squeeze reshape
    ravel atleast_1d diagonal split array_split result_type finfo iinfo dtype may_share_memory
""".split())  # functions that compute nothing: memory, views of it, facts
REFUSED_KEYWORDS = ("where", "initial", "subok", "like", "device")  # CuPy's reductions and creators do not take them
ABOUT_NO_ARRAY = frozenset("""
    arange array asarray atleast_1d broadcast_shapes dtype empty eye finfo full iinfo linspace ones result_type tile tri zeros
""".split())  # functions whose first argument may be no array
OF_ARRAYS = ("concatenate", "hstack", "stack", "vstack")  # functions of a list of arrays

# The parameters of functions that are used here; "*": by name only.
PARAMETERS = """
all(a axis out keepdims) allclose(a b rtol atol equal_nan) any(a axis out keepdims) arange(start stop step dtype)
argmax(a axis dtype out keepdims) argmin(a axis dtype out keepdims) argpartition(a kth axis) argsort(a axis kind)
array(obj dtype copy order subok ndmin *blocking) array_equal(a1 a2 equal_nan)
array_split(ary indices_or_sections axis) asarray(a dtype order *copy *blocking) ascontiguousarray(a dtype)
bincount(x weights minlength) broadcast_to(array shape) clip(a a_min a_max out)
concatenate(tup axis out *dtype *casting) copy(a order) copyto(dst src casting where) count_nonzero(a axis)
cov(a y rowvar bias ddof fweights aweights *dtype) cross(a b axisa axisb axisc axis) cumprod(a axis dtype out)
cumsum(a axis dtype out) diagonal(a offset axis1 axis2) diff(a n axis prepend append) digitize(x bins right)
dot(a b out) empty(shape dtype order) empty_like(prototype dtype order subok shape) expand_dims(a axis)
eye(N M k dtype order) flip(a axis) fliplr(a) full(shape fill_value dtype order)
full_like(a fill_value dtype order subok shape) histogram(x bins range density weights) hstack(tup *dtype *casting)
inner(a b) interp(x xp fp left right period) isclose(a b rtol atol equal_nan)
isin(element test_elements assume_unique invert) isreal(x) kron(a b)
linspace(start stop num endpoint retstep dtype axis) max(a axis out keepdims) may_share_memory(a b max_work)
mean(a axis dtype out keepdims) median(a axis out overwrite_input keepdims) min(a axis out keepdims)
moveaxis(a source destination) nan_to_num(x copy nan posinf neginf) nanmax(a axis out keepdims)
nanmean(a axis dtype out keepdims) nanmin(a axis out keepdims) nansum(a axis dtype out keepdims) nonzero(a)
ones(shape dtype order) ones_like(a dtype order subok shape) outer(a b out) pad(array pad_width mode kwargs)
partition(a kth axis) prod(a axis dtype out keepdims) ravel(a order)
repeat(a repeats axis) reshape(a newshape order *copy) roll(a shift axis) rot90(a k axes) round(a decimals out)
searchsorted(a v side sorter) sort(a axis kind) split(ary indices_or_sections axis) squeeze(a axis)
stack(tup axis out *dtype *casting) std(a axis dtype out ddof keepdims) sum(a axis dtype out keepdims)
swapaxes(a axis1 axis2) take(a indices axis out) take_along_axis(a indices axis) tensordot(a b axes) tile(A reps)
trace(a offset axis1 axis2 dtype out) transpose(a axes) tri(N M k dtype) tril(m k) triu(m k)
unique(ar return_index return_inverse return_counts axis *equal_nan) unravel_index(indices dims order)
var(a axis dtype out ddof keepdims) vdot(a b) vstack(tup *dtype *casting) where(condition x y)
zeros(shape dtype order) zeros_like(a dtype order subok shape) linalg.svd(a full_matrices compute_uv)
linalg.qr(a mode) linalg.solve(a b) linalg.inv(a) linalg.eigh(a UPLO) linalg.eigvalsh(a UPLO) linalg.slogdet(a)
linalg.eig(a) linalg.det(a) linalg.cholesky(a) linalg.eigvals(a)
"""
PARAMETERS = {name: parameters.split() for name, parameters in
              (line.split("(") for line in PARAMETERS.replace("\n", " ").strip(" )").split(") "))}  # fmt: skip


def refuse(name, args, keywords, is_array):
    """Raise what CuPy raises for a call that NumPy would take; `is_array` tells CuPy's arrays from other values."""
    known = PARAMETERS.get(name)
    if known is None:
        wrong = [k for k in keywords if k in REFUSED_KEYWORDS]
    else:
        places = [p for p in known if p[0] != "*"]
        wrong = [k for k in keywords if k not in places and "*" + k not in known]
        if len(args) > len(places):
            raise TypeError(f"{name}() takes {len(places)} positional arguments but {len(args)} were given")
    if wrong:
        raise TypeError(f"{name}() got an unexpected keyword argument '{wrong[0]}'")
    if name in OF_ARRAYS:
        if not all(map(is_array, args[0])):
            raise TypeError("Only cupy arrays can be concatenated")
    elif known and args and name not in ABOUT_NO_ARRAY and not is_array(args[0]):
        raise TypeError(f"{name}: Unsupported type {type(args[0])}")
    if name == "repeat" and any(map(is_array, args[1:])):
        raise ValueError("cupy.ndaray cannot be specified as `repeats` argument.")  # before version 14
    if name == "linalg.solve" and args[0].shape[:-1] != args[1].shape[:-1]:
        raise ValueError("a must have (..., M, M) shape and b must have (..., M, K) for multidimensional b")
