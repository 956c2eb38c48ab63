/**
 * `GET /embed/leave.js`: puts the leave form on a page of the organisation's own site. Plain DOM calls only, so that it
 * runs under a strict Content-Security-Policy: no inline style, no eval, no cookie, no storage, nothing from elsewhere.
 * It knows a person by their link alone: a token in `data-token`, or in the address after `#verzet=`, which a browser
 * sends to nobody. Without one, and wherever the hub cannot be asked, what stood in the element stays: a plain form or
 * a link. It posts what a plain form would post.
 */
export const embedScript = `(function () {
  'use strict'
  var script = document.currentScript
  var hub = new URL(script.src).origin

  function make(tag, className, text, lang) {
    var element = document.createElement(tag)
    if (className) element.className = 'verzet-' + className
    if (text) element.textContent = text
    if (lang) element.lang = lang
    return element
  }

  function hidden(form, fields) {
    Object.keys(fields).forEach(function (name) {
      var input = make('input')
      input.type = 'hidden'
      input.name = name
      input.value = fields[name]
      form.appendChild(input)
    })
  }

  function formFor(place, step, className) {
    var form = make('form', className)
    form.method = 'post'
    form.action = step.action
    hidden(form, step.fields)
    form.addEventListener('submit', function (event) {
      event.preventDefault()
      send(place, form)
    })
    return form
  }

  function button(label, className) {
    var element = make('button', className, label)
    element.type = 'submit'
    return element
  }

  // A button in a form of its own, with what has to be filled in for it; or a link.
  function itemOf(place, one) {
    if (one.address) {
      var line = make('p', 'act')
      var link = make('a', 'button', one.label)
      link.href = one.address
      line.appendChild(link)
      return line
    }
    var form = formFor(place, one, 'act')
    if (one.field) form.appendChild(fieldOf(one.field))
    form.appendChild(button(one.label, one.isFirst ? 'button verzet-first' : 'button'))
    if (one.explained) form.appendChild(make('p', 'hint', one.explained))
    return form
  }

  // Nothing is ticked beforehand.
  function fieldOf(field) {
    var part = make('div', 'question')
    var isTick = field.kind === 'checkbox'
    var label = make('label', isTick ? 'choice' : '', isTick ? '' : field.label)
    var input = make('input')
    count += 1
    label.htmlFor = input.id = 'verzet-' + count
    input.type = field.kind
    input.name = field.name
    part.appendChild(label)
    if (isTick) {
      input.value = '1'
      label.append(input, ' ', make('span', '', field.label))
      return part
    }
    input.required = true
    if (field.kind === 'email') input.autocomplete = 'email'
    if (field.earliest) input.min = field.earliest
    if (field.latest) input.max = field.latest
    if (field.hint) {
      var hint = make('p', 'hint', field.hint)
      hint.id = input.id + '-hint'
      input.setAttribute('aria-describedby', hint.id)
      part.appendChild(hint)
    }
    part.appendChild(input)
    return part
  }

  var count = 0
  function questionOf(item) {
    count += 1
    var id = 'verzet-' + count
    if (item.kind === 'text') {
      var field = make('div', 'question')
      var label = make('label', '', item.text, item.lang)
      var area = make('textarea')
      label.htmlFor = id
      area.id = id
      area.name = item.id
      area.rows = 4
      area.maxLength = item.charactersMax
      field.append(label, area)
      return field
    }
    var set = make('fieldset', 'question')
    set.appendChild(make('legend', '', item.text, item.lang))
    if (item.hint) set.appendChild(make('p', 'hint', item.hint))
    item.choices.forEach(function (choice) {
      var line = make('label', 'choice')
      var input = make('input')
      input.type = item.kind === 'multiple' ? 'checkbox' : 'radio'
      input.name = item.id
      input.value = choice.id
      line.append(input, ' ', make('span', '', choice.text, choice.lang))
      set.appendChild(line)
    })
    return set
  }

  function draw(place, step, isAnswer) {
    var box = make('section', 'leave')
    box.lang = step.lang
    var heading = make('h2', 'title', step.title)
    heading.tabIndex = -1
    box.appendChild(heading)
    step.sentences.forEach(function (sentence) {
      box.appendChild(make('p', '', sentence))
    })
    step.buttons.forEach(function (one) {
      box.appendChild(itemOf(place, one))
    })
    step.sections.forEach(function (section) {
      var part = make('section', 'section')
      part.appendChild(make('h3', '', section.title))
      section.sentences.forEach(function (sentence) {
        part.appendChild(make('p', '', sentence))
      })
      section.items.forEach(function (one) {
        part.appendChild(itemOf(place, one))
      })
      box.appendChild(part)
    })
    if (step.questions) {
      var asked = make('section', 'questions')
      asked.appendChild(make('h3', '', step.questions.title))
      var form = formFor(place, step.questions, 'form')
      step.questions.items.forEach(function (item) {
        form.appendChild(questionOf(item))
      })
      form.appendChild(button(step.questions.send, 'button'))
      asked.appendChild(form)
      box.appendChild(asked)
    }
    var more = make('p', 'more')
    var link = make('a', '', step.page.label)
    link.href = step.page.address
    more.appendChild(link)
    box.appendChild(more)
    var right = make('section', 'right')
    right.append(make('h3', '', step.right.title), make('p', '', step.right.text))
    box.appendChild(right)
    place.replaceChildren(box)
    if (isAnswer) heading.focus()
  }

  function ask(address, options) {
    options.credentials = 'omit'
    options.referrerPolicy = 'no-referrer'
    options.headers = { accept: 'application/json' }
    return fetch(address, options).then(function (answer) {
      if (!answer.ok) throw new Error('the hub answered ' + answer.status)
      return answer.json()
    })
  }

  // Where the answer cannot be read, the form is posted as a browser posts it: a no never depends on a script.
  function send(place, form) {
    var body = new URLSearchParams(new FormData(form))
    ask(form.action, { method: 'POST', body: body }).then(
      function (step) {
        if (step.title) draw(place, step, true)
      },
      function () {
        form.submit()
      },
    )
  }

  function begin(place) {
    var token = place.dataset.token || (/[#&]verzet=([\\w-]+)/.exec(location.hash) || [])[1]
    if (!token) return
    var language = place.dataset.lang || document.documentElement.lang.slice(0, 2)
    var address = hub + '/embed/leave/' + encodeURIComponent(token) + '?lang=' + encodeURIComponent(language)
    ask(address, { method: 'GET' }).then(
      function (step) {
        draw(place, step, false)
      },
      function () {},
    )
  }

  function beginAll() {
    document.querySelectorAll('[data-verzet-leave]').forEach(begin)
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', beginAll)
  else beginAll()
})()
`
